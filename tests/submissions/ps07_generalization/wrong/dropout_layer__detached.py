"""The graph is cut.

Fails: gradients are 1/(1 - p) where an entry was kept, 0 elsewhere
"""

def dropout_layer(X, dropout):
    if dropout == 1:
        return torch.zeros_like(X)
    return X.detach() * (torch.rand(X.shape) >= dropout) / (1 - dropout)
