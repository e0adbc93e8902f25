"""The context from the weights that were kept."""

def bahdanau_step(attention, query, enc_outputs, enc_valid_lens):
    attention(torch.unsqueeze(query, dim=1), enc_outputs, enc_outputs, enc_valid_lens)
    weights = attention.attention_weights
    return torch.bmm(weights, enc_outputs).squeeze(1), weights.squeeze(1)
