"""The slope at the kink is 1. (003 §6.3)

Fails: is 0 at 0
Says: the slope at 0 is 1; the course chooses 0
"""

def relu_grad(x):
    return (x >= 0).to(x.dtype)
