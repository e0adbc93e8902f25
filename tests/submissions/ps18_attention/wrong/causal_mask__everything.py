"""Everything is visible.

Fails: step t sees the steps 0 to t, itself included, and none later
Fails: is a tensor of truth values
Says: everything is visible
"""

def causal_mask(T):
    return torch.ones(T, T, dtype=torch.bool)
