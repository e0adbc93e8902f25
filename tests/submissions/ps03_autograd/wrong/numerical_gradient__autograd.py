"""Asks autograd.

Fails: is the central difference, one entry at a time
Fails: takes an x of any shape, and an f that returns a number or a tensor with one element
Fails: hands f a new tensor each time: f may return a part of it
Fails: keeps the dtype, and takes an x in any memory order
Fails: leaves x and x.grad as they were, and gives plain numbers without a graph
Fails: gives the same when it is called again, and leaves the program as it was
Fails: has a step of 1e-4 unless told otherwise
Says: calls torch.grad
"""


def numerical_gradient(f, x, eps=1e-4):
    leaf = x.detach().clone().requires_grad_()
    y = torch.as_tensor(f(leaf))
    return torch.autograd.grad(y.reshape(()), leaf)[0] if y.requires_grad else torch.zeros_like(x)
