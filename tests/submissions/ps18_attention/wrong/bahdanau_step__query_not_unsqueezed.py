"""The query is passed as it is.

Fails: *
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    context = attention(query, enc_outputs, enc_outputs, enc_valid_lens)
    return context.squeeze(1), attention.attention_weights.squeeze(1)
