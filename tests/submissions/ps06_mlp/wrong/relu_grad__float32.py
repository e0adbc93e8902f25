"""float32, whatever the input is.

Fails: keeps the dtype, and takes entries in any memory order
"""

def relu_grad(x):
    return (x > 0).float()
