"""Leaves the stable sum to the library: exp(X - logsumexp(X)).

Fails: *
"""

def softmax(X):
    return torch.exp(X - torch.logsumexp(X, dim=1, keepdim=True))
