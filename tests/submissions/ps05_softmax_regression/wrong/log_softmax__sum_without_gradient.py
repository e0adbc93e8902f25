"""Computes the logarithm of the sum under no_grad.

Fails: gradients are right
"""

def log_softmax(X):
    Z = X - X.amax(dim=1, keepdim=True)
    with torch.no_grad():
        log_sum = Z.exp().sum(dim=1, keepdim=True).log()
    return Z - log_sum
