"""masked_fill on the scaled copy."""

def dropout_layer(X, dropout):
    if dropout == 1:
        return torch.zeros_like(X)
    gone = torch.empty(X.shape).uniform_() < dropout
    return (X / (1 - dropout)).masked_fill(gone, 0)
