"""Goes through float32.

Fails: gradients are right
Fails: keeps the dtype, and takes numbers in any memory order
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    context = attention(query.unsqueeze(1).float(), enc_outputs.float(), enc_outputs.float(), enc_valid_lens)
    return context.squeeze(1), attention.attention_weights.squeeze(1)
