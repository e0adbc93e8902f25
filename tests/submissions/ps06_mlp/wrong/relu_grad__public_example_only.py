"""The answer of the example.

Fails: *
"""

def relu_grad(x):
    return torch.tensor([0.0, 0.0, 1.0])
