"""With a dimension for the batch.

Fails: *
"""

def causal_mask(T):
    return torch.ones(T, T, dtype=torch.bool).tril()[None]
