"""The context is the last state of the encoder: no attention.

Fails: the context is the attention's result for one query a sentence, of shape (n, h)
Says: it is the last state of the encoder
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    context = attention(query.unsqueeze(1), enc_outputs, enc_outputs, enc_valid_lens)
    return enc_outputs[:, -1], attention.attention_weights.squeeze(1)
