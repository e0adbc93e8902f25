"""Numbers to add to the scores.

Fails: step t sees the steps 0 to t, itself included, and none later
Fails: a single step sees itself
Fails: is a tensor of truth values
Says: a step does not see itself
"""

def causal_mask(T):
    return torch.full((T, T), float("-inf")).triu(1)
