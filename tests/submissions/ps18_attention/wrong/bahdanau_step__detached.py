"""Context and weights are detached.

Fails: gradients flow back from the context to query and states
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    context = attention(query.unsqueeze(1), enc_outputs, enc_outputs, enc_valid_lens)
    return context.squeeze(1).detach(), attention.attention_weights.squeeze(1)
