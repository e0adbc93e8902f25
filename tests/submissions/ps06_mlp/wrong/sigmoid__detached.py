"""The graph is cut.

Fails: stays finite for entries of any size, and so does its gradient
Fails: gradients are right
Fails: the gradient is right at 0 too
"""

def sigmoid(x):
    z = torch.exp(torch.where(x >= 0, -x, x)).detach()
    return torch.where(x >= 0, 1, z) / (1 + z)
