"""Builds the modules and counts.

Fails: is arithmetic with whole numbers, exact for sizes that no machine could hold
"""


def count_parameters(src_vocab_size, tgt_vocab_size, num_hiddens, ffn_num_hiddens, num_layers):
    encoder = TransformerEncoder(src_vocab_size, num_hiddens, ffn_num_hiddens, 1, num_layers)
    decoder = TransformerDecoder(tgt_vocab_size, num_hiddens, ffn_num_hiddens, 1, num_layers)
    return tuple(sum(p.numel() for p in net.parameters()) for net in (encoder, decoder))
