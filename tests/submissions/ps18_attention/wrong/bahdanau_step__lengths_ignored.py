"""The lengths are not handed on.

Fails: hands the valid lengths on, None as well
Says: without the valid lengths
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    context = attention(query.unsqueeze(1), enc_outputs, enc_outputs)
    return context.squeeze(1), attention.attention_weights.squeeze(1)
