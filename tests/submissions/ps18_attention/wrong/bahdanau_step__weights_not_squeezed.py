"""The weights keep the dimension of the queries.

Fails: the weights are those of this step, of shape (n, T)
Says: too many
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    context = attention(query.unsqueeze(1), enc_outputs, enc_outputs, enc_valid_lens)
    return context.squeeze(1), attention.attention_weights
