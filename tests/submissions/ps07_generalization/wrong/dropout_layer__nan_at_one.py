"""0/0 at dropout = 1.

Fails: dropout = 0 gives X, dropout = 1 gives zeros
"""

def dropout_layer(X, dropout):
    mask = torch.rand(X.shape) >= dropout
    return X * mask / (1.0 - torch.tensor(float(dropout)))
