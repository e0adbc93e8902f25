"""Lets torch.autograd.grad do it, through batch_norm.

Fails: *
"""

def batch_norm_backward(dY, X, gamma, eps):
    X, gamma = X.clone().requires_grad_(), gamma.clone().requires_grad_()
    beta = torch.zeros_like(gamma).requires_grad_()
    Y = batch_norm(X, gamma, beta, torch.zeros_like(gamma), torch.ones_like(gamma), eps, 0.9, True)[0]
    return torch.autograd.grad(Y, (X, gamma, beta), dY)
