"""s (1 + s).

Fails: *
Says: plus stands where minus should
"""

def sigmoid_grad(x):
    s = torch.sigmoid(x)
    return s * (1 + s)
