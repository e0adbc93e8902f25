"""The result is cast to float32.

Fails: gradients are 1/(1 - p) where an entry was kept, 0 elsewhere
Fails: keeps the dtype, and takes numbers in any memory order
"""

def dropout_layer(X, dropout):
    if dropout == 1:
        return torch.zeros_like(X)
    return (X * (torch.rand(X.shape) >= dropout) / (1 - dropout)).float()
