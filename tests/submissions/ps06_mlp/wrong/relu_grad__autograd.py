"""Asks autograd.

Fails: *
"""

def relu_grad(x):
    x = x.detach().clone().requires_grad_()
    torch.relu(x).sum().backward()
    return x.grad
