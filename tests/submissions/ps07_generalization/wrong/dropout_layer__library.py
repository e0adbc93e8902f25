"""The library does it.

Fails: *
"""

def dropout_layer(X, dropout):
    return torch.nn.functional.dropout(X, dropout, training=True)
