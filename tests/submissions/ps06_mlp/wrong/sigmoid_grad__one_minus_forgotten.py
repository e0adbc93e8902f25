"""s times s.

Fails: *
Says: the 1 - is missing
"""

def sigmoid_grad(x):
    s = torch.sigmoid(x)
    return s * s
