"""Context and weights are detached.

Fails: gradients are right
Says: carries no graph
"""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    context = attention(query.unsqueeze(1), enc_outputs, enc_outputs, enc_valid_lens)
    return context.squeeze(1).detach(), attention.attention_weights.squeeze(1)
