"""alpha is ignored.

Fails: *
"""

def prelu_grad(x, alpha):
    return (x > 0).to(x.dtype)
