"""Integers.

Fails: is a tensor of truth values
"""

def causal_mask(T):
    return torch.ones(T, T, dtype=torch.int64).tril()
