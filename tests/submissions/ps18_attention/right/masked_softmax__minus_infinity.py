"""Minus infinity, and the NaN of empty rows replaced."""

def masked_softmax(X, valid_lens=None):
    if valid_lens is None:
        return nn.functional.softmax(X, dim=-1)
    if valid_lens.dim() == 1:
        valid_lens = valid_lens.unsqueeze(1).expand(-1, X.shape[1])
    hidden = torch.arange(X.shape[2], device=X.device)[None, None, :] >= valid_lens.unsqueeze(-1)
    weights = X.masked_fill(hidden, float("-inf")).softmax(dim=-1)
    return weights.masked_fill(hidden, 0.0)
