"""Asks torch.autograd.grad.

Fails: *
"""

def relu_grad(x):
    with torch.enable_grad():
        x = x.detach().clone().requires_grad_()
        return torch.autograd.grad(torch.relu(x).sum(), x)[0]
