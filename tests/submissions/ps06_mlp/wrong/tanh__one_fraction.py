"""The formula as it stands: NaN at -1000. (000 §1.4.1, 001, 002, 004)

Fails: stays finite for entries of any size, and so does its gradient
"""

def tanh(x):
    return (1 - torch.exp(-2 * x)) / (1 + torch.exp(-2 * x))
