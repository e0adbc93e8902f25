"""Everybody sees only himself.

Fails: step t sees the steps 0 to t, itself included, and none later
"""

def causal_mask(T):
    return torch.eye(T, dtype=torch.bool)
