"""A sum of layers."""


def count_parameters(src_vocab_size, tgt_vocab_size, num_hiddens, ffn_num_hiddens, num_layers):
    linear = lambda a, b, bias=True: a * b + (b if bias else 0)
    attention = sum(linear(num_hiddens, num_hiddens, bias=False) for _ in "qkvo")
    ffn = linear(num_hiddens, ffn_num_hiddens) + linear(ffn_num_hiddens, num_hiddens)
    norm = 2 * num_hiddens
    encoder = src_vocab_size * num_hiddens + num_layers * (attention + norm + ffn + norm)
    decoder = tgt_vocab_size * num_hiddens + num_layers * (attention + norm + attention + norm + ffn + norm)
    return encoder, decoder + linear(num_hiddens, tgt_vocab_size)
