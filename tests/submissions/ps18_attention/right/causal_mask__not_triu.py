"""Not the strict upper triangle."""

def causal_mask(T):
    future = torch.triu(torch.ones((T, T)), diagonal=1)
    return future == 0
