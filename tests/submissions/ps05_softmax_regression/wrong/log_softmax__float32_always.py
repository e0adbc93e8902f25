"""Casts to float32.

Fails: keeps the dtype, and takes scores in any memory order
Fails: gradients are right
"""

def log_softmax(X):
    Z = X.to(torch.float32)
    Z = Z - Z.amax(dim=1, keepdim=True)
    return Z - Z.exp().sum(dim=1, keepdim=True).log()
