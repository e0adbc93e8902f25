"""A difference quotient, in float64 and from both sides.

Fails: is a closed form: exact, and needs no graph
"""

def tanh_grad(x):
    d = x.double()
    return ((torch.tanh(d + 1e-5) - torch.tanh(d - 1e-5)) / 2e-5).to(x.dtype)
