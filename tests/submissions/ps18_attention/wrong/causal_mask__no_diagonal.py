"""Nobody sees himself.

Fails: step t sees the steps 0 to t, itself included, and none later
Fails: a single step sees itself
Says: a step does not see itself
"""

def causal_mask(T):
    return torch.ones(T, T, dtype=torch.bool).tril(-1)
