"""Numbers in the place of truth values.

Fails: is a tensor of truth values
"""

def causal_mask(T):
    return torch.ones(T, T).tril()
