"""One on the negative side.

Fails: *
Says: the sides are swapped
"""

def relu_grad(x):
    return (x < 0).to(x.dtype)
