"""Loops over the classes and forgets to count: the loop never ends.

Fails: *
"""

def softmax(X):
    E = torch.exp(X - X.amax(dim=1, keepdim=True))
    i = 0
    total = torch.zeros(len(X), 1)
    while i < X.shape[1]:
        total = total + E[:, :1]
    return E / total
