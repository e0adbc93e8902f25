"""The states ask, the query answers.

Fails: the context is the attention's result for one query a sentence, of shape (n, h)
Fails: the weights are those of this step, of shape (n, T)
Fails: keys and values are the encoder's states, the query is the decoder's
Says: too many
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    query = query.unsqueeze(1)
    context = attention(enc_outputs, query, query, enc_valid_lens)
    return context.squeeze(1), attention.attention_weights.squeeze(1)
