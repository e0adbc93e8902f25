"""NaN at both ends. (003 §6.3)

Fails: stays finite for entries of any size, and so does its gradient
"""

def tanh(x):
    return (torch.exp(x) - torch.exp(-x)) / (torch.exp(x) + torch.exp(-x))
