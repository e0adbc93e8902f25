"""PyTorch's own backward formula.

Fails: *
"""

def sigmoid_grad(x):
    return torch.ops.aten.sigmoid_backward(torch.ones_like(x), torch.sigmoid(x))
