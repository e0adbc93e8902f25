"""s times s.

Fails: *
"""

def sigmoid_grad(x):
    s = torch.sigmoid(x)
    return s * s
