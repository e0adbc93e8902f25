"""alpha is ignored.

Fails: *
Says: alpha is ignored
"""

def prelu_grad(x, alpha):
    return (x > 0).to(x.dtype)
