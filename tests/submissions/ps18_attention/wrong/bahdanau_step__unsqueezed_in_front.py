"""One sentence with n queries.

Fails: *
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    context = attention(query.unsqueeze(0), enc_outputs, enc_outputs, enc_valid_lens)
    return context.squeeze(1), attention.attention_weights.squeeze(1)
