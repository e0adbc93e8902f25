"""The answer of the example.

Fails: *
"""

def sigmoid(x):
    return torch.tensor([0.25, 0.5, 0.75])
