"""A difference quotient, in float64 and from both sides.

Fails: keeps the dtype, and takes entries in any memory order
Fails: is a closed form: exact, and needs no graph
"""

def sigmoid_grad(x):
    d = x.double()
    return ((torch.sigmoid(d + 1e-4) - torch.sigmoid(d - 1e-4)) / 2e-4).to(x.dtype)
