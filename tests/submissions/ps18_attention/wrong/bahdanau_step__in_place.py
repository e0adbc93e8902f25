"""Normalises the states in place.

Fails: the context is the attention's result for one query a sentence, of shape (n, h)
Fails: keys and values are the encoder's states, the query is the decoder's
Fails: gradients are right
Fails: leaves its inputs unchanged
Fails: the weights are those of this step, of shape (n, T)
Says: was changed by the call
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    enc_outputs /= 2
    context = attention(query.unsqueeze(1), enc_outputs, enc_outputs, enc_valid_lens)
    return context.squeeze(1), attention.attention_weights.squeeze(1)
