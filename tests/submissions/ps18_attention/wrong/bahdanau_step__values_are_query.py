"""The values are the query, over and over.

Fails: the context is the attention's result for one query a sentence, of shape (n, h)
Fails: keys and values are the encoder's states, the query is the decoder's
Says: it is the query
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    context = attention(query.unsqueeze(1), enc_outputs, query.unsqueeze(1).expand_as(enc_outputs), enc_valid_lens)
    return context.squeeze(1), attention.attention_weights.squeeze(1)
