"""The return statement is missing.

Fails: *
"""

def softmax(X):
    E = torch.exp(X - X.amax(dim=1, keepdim=True))
    E / E.sum(dim=1, keepdim=True)
