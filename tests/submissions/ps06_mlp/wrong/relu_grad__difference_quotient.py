"""A difference quotient, in float64 and from both sides.

Fails: is 0 at 0
Fails: keeps the dtype, and takes entries in any memory order
Fails: is a closed form: exact, and needs no graph
Fails: is right for entries of any size
"""

def relu_grad(x):
    d = x.double()
    return ((torch.relu(d + 1e-7) - torch.relu(d - 1e-7)) / 2e-7).to(x.dtype)
