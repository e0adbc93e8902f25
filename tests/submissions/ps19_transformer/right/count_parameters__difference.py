"""The decoder's block from the encoder's."""


def count_parameters(src_vocab_size, tgt_vocab_size, num_hiddens, ffn_num_hiddens, num_layers):
    d, f = num_hiddens, ffn_num_hiddens
    block = d * (4 * d + 2 * f + 5) + f
    more = d * (4 * d + 2)
    return d * src_vocab_size + num_layers * block, (2 * d + 1) * tgt_vocab_size + num_layers * (block + more)
