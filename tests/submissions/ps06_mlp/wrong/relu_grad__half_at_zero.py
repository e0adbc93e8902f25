"""The slope at the kink is a half.

Fails: is 0 at 0
"""

def relu_grad(x):
    return (torch.sign(x) + 1) / 2
