"""One on the negative side.

Fails: *
"""

def relu_grad(x):
    return (x < 0).to(x.dtype)
