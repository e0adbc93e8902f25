"""Reads the weights before the call.

Fails: the weights are those of this step, of shape (n, T)
Fails: leaves its inputs unchanged
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    weights = attention.attention_weights
    context = attention(query.unsqueeze(1), enc_outputs, enc_outputs, enc_valid_lens)
    return context.squeeze(1), weights.squeeze(1)
