"""The graph is cut.

Fails: stays finite for entries of any size, and so does its gradient
Fails: gradients are right
Fails: the gradient is right at 0 too
"""

def tanh(x):
    with torch.no_grad():
        z = torch.exp(2 * torch.where(x >= 0, -x, x))
        return torch.where(x >= 0, 1 - z, z - 1) / (1 + z)
