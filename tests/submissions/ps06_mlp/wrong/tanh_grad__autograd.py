"""Asks autograd.

Fails: *
"""

def tanh_grad(x):
    x = x.clone().requires_grad_()
    torch.tanh(x).backward(torch.ones_like(x))
    return x.grad
