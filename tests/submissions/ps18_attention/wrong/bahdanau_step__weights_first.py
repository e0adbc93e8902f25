"""Returns (weights, context).

Fails: the context is the attention's result for one query a sentence, of shape (n, h)
Fails: the weights are those of this step, of shape (n, T)
Says: context and weights are exchanged
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    context = attention(query.unsqueeze(1), enc_outputs, enc_outputs, enc_valid_lens)
    return attention.attention_weights.squeeze(1), context.squeeze(1)
