"""With a dimension for the batch.

Fails: *
Says: rows and columns are exchanged: row t is the step that looks
"""

def causal_mask(T):
    return torch.ones(T, T, dtype=torch.bool).tril()[None]
