"""Asks autograd.

Fails: *
"""

def sigmoid_grad(x):
    x = x.detach().requires_grad_()
    s = torch.sigmoid(x)
    return torch.autograd.grad(s, x, torch.ones_like(s))[0]
