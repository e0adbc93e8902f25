"""Has the number of classes of one example in it.

Fails: *
"""

def softmax(X):
    m = torch.maximum(torch.maximum(X[:, 0], X[:, 1]), X[:, 2])[:, None]
    E = torch.exp(X - m)
    return E / (E[:, 0] + E[:, 1] + E[:, 2])[:, None]
