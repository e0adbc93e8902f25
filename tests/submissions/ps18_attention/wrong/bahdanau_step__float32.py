"""Goes through float32.

Fails: keeps the dtype, and leaves query and states unchanged
Fails: gradients flow back from the context to query and states
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    context = attention(query.unsqueeze(1).float(), enc_outputs.float(), enc_outputs.float(), enc_valid_lens)
    return context.squeeze(1), attention.attention_weights.squeeze(1)
