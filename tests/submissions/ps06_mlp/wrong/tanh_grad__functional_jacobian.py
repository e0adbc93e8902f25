"""Asks torch.func for the whole Jacobian.

Fails: *
"""

def tanh_grad(x):
    J = torch.func.jacrev(torch.tanh)(x.reshape(-1))
    return torch.diagonal(J).reshape(x.shape)
