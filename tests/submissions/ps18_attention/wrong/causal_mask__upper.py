"""The upper triangle.

Fails: step t sees the steps 0 to t, itself included, and none later
Says: rows and columns are exchanged: row t is the step that looks
"""

def causal_mask(T):
    return torch.ones(T, T, dtype=torch.bool).triu()
