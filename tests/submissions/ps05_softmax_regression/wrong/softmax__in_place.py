"""Subtracts the maximum in place, in the caller's tensor.

Fails: leaves its input unchanged
Fails: gradients are right
"""

def softmax(X):
    X -= X.amax(dim=1, keepdim=True)
    E = torch.exp(X)
    return E / E.sum(dim=1, keepdim=True)
