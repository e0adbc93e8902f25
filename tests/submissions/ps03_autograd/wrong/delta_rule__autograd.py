"""Lets autograd do it.

Fails: *
Says: calls torch.grad
"""


def delta_rule(X, W1, W2, T):
    W1, W2 = W1.detach(), W2.detach()
    with torch.enable_grad():
        W1, W2 = W1.detach().requires_grad_(), W2.detach().requires_grad_()
        E = ((torch.sigmoid(torch.sigmoid(X @ W1.T) @ W2.T) - T) ** 2).sum() / 2
        return torch.autograd.grad(E, (W1, W2))
