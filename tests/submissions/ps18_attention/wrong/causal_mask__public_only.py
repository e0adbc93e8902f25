"""Always three steps.

Fails: *
"""

def causal_mask(T):
    return torch.tensor([[True, False, False], [True, True, False], [True, True, True]])
