"""exp(-|x|): the slope of abs at 0 is 0, and the gradient there is lost.

Fails: the gradient is right at 0 too
Says: at 0 the slope that comes back is
"""

def sigmoid(x):
    z = torch.exp(-x.abs())
    return torch.where(x >= 0, 1 / (1 + z), z / (1 + z))
