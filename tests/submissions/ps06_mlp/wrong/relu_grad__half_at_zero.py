"""The slope at the kink is a half.

Fails: is 0 at 0
Says: the slope at 0 is 1/2
"""

def relu_grad(x):
    return (torch.sign(x) + 1) / 2
