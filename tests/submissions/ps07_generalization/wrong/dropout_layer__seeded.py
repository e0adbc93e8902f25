"""A seed in the function: the same mask every time.

Fails: each entry throws a coin of its own, at every call
Says: two calls agree
"""

def dropout_layer(X, dropout):
    torch.manual_seed(0)
    if dropout == 1:
        return torch.zeros_like(X)
    return X * (torch.rand(X.shape) >= dropout) / (1 - dropout)
