"""forward called by name, stack in front, reshape behind."""


def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    context = attention.forward(torch.stack([query], dim=1), enc_outputs, enc_outputs, enc_valid_lens)
    n, T, h = enc_outputs.shape
    return context.reshape(n, h), attention.attention_weights.reshape(n, T)
