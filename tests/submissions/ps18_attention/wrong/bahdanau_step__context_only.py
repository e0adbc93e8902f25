"""Returns the context alone.

Fails: the context is the attention's result for one query a sentence, of shape (n, h)
Fails: the weights are those of this step, of shape (n, T)
Fails: keys and values are the encoder's states, the query is the decoder's
Fails: hands the valid lengths on, None as well
Fails: keeps the dtype, and leaves query and states unchanged
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    context = attention(query.unsqueeze(1), enc_outputs, enc_outputs, enc_valid_lens)
    return context.squeeze(1)
