"""A difference quotient, in float64 and from both sides.

Fails: is a closed form: exact, and needs no graph
"""

def sigmoid_grad(x):
    d = x.double()
    return ((torch.sigmoid(d + 1e-5) - torch.sigmoid(d - 1e-5)) / 2e-5).to(x.dtype)
