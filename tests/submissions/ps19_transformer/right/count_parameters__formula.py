"""The two formulas as they stand."""


def count_parameters(src_vocab_size, tgt_vocab_size, num_hiddens, ffn_num_hiddens, num_layers):
    d, f, L = num_hiddens, ffn_num_hiddens, num_layers
    encoder = src_vocab_size * d + L * (4 * d**2 + 2 * d * f + f + d + 4 * d)
    decoder = tgt_vocab_size * d + L * (8 * d**2 + 2 * d * f + f + d + 6 * d) + d * tgt_vocab_size + tgt_vocab_size
    return [encoder, decoder]
