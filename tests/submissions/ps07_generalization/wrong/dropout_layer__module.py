"""nn.Dropout does it.

Fails: *
"""

def dropout_layer(X, dropout):
    return torch.nn.Dropout(dropout)(X)
