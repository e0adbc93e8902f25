"""Asks torch.func.

Fails: *
"""

def sigmoid_grad(x):
    return torch.func.vmap(torch.func.grad(torch.sigmoid))(x.reshape(-1)).reshape(x.shape)
