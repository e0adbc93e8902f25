"""Entry by entry."""

def causal_mask(T):
    return torch.tensor([[s <= t for s in range(T)] for t in range(T)])
