"""Passes lengths where there are none.

Fails: hands the valid lengths on, None as well
Says: with valid lengths where None was given
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    if enc_valid_lens is None:
        enc_valid_lens = torch.full((len(query),), enc_outputs.shape[1])
    context = attention(query.unsqueeze(1), enc_outputs, enc_outputs, enc_valid_lens)
    return context.squeeze(1), attention.attention_weights.squeeze(1)
