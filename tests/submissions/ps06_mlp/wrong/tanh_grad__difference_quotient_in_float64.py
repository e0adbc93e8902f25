"""A difference quotient, in float64 and from both sides.

Fails: keeps the dtype, and takes entries in any memory order
Fails: is a closed form: exact, and needs no graph
"""

def tanh_grad(x):
    d = x.double()
    return ((torch.tanh(d + 1e-4) - torch.tanh(d - 1e-4)) / 2e-4).to(x.dtype)
