"""The graph is cut.

Fails: gradients are right
Fails: the gradient at 0 is 0
"""

def relu(x):
    return torch.where(x > 0, x, 0).detach()
