"""One step of the future is visible.

Fails: step t sees the steps 0 to t, itself included, and none later
Says: one step of the future is visible
"""

def causal_mask(T):
    return torch.ones(T, T, dtype=torch.bool).tril(1)
