"""A column against a row."""

def causal_mask(T):
    t = torch.arange(T)
    return t.unsqueeze(0) <= t.unsqueeze(1)
