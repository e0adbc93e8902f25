"""The slopes of sign and abs at 0 are 0, and the gradient there is lost.

Fails: the gradient is right at 0 too
Says: at 0 the slope that comes back is 0
"""

def tanh(x):
    z = torch.exp(-2 * x.abs())
    return torch.sign(x) * (1 - z) / (1 + z)
