"""True stands for hidden.

Fails: step t sees the steps 0 to t, itself included, and none later
Fails: a single step sees itself
Says: True and False are exchanged
"""

def causal_mask(T):
    return ~torch.ones(T, T, dtype=torch.bool).tril()
