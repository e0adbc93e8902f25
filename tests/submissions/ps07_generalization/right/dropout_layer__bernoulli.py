"""torch.bernoulli draws the mask."""

def dropout_layer(X, dropout):
    keep = 1 - dropout
    if keep == 0:
        return X * 0
    mask = torch.bernoulli(torch.full_like(X, keep))
    return mask * X / keep
