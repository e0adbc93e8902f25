"""Every one of eight heads counts its own four matrices.

Fails: the encoder's count
Fails: the decoder's count
"""


def count_parameters(src_vocab_size, tgt_vocab_size, num_hiddens, ffn_num_hiddens, num_layers):
    d, f = num_hiddens, ffn_num_hiddens
    attention, ffn, norm = 8 * 4 * d * d, 2 * d * f + f + d, 2 * d
    encoder = src_vocab_size * d + num_layers * (attention + ffn + 2 * norm)
    decoder = tgt_vocab_size * d + num_layers * (2 * attention + ffn + 3 * norm) + d * tgt_vocab_size + tgt_vocab_size
    return encoder, decoder
