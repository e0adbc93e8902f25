"""Casts to float32 and stays there.

Fails: keeps the dtype, and takes scores in any memory order
Fails: gradients are right
"""

def softmax(X):
    X = X.float()
    E = torch.exp(X - X.amax(dim=1, keepdim=True))
    return E / E.sum(dim=1, keepdim=True)
