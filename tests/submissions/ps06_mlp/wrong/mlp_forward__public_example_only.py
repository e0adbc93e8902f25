"""The answer of the example.

Fails: *
"""

def mlp_forward(X, params):
    return torch.tensor([[2.0, -1.0]])
