"""torch.where chooses; rand_like draws."""

def dropout_layer(X, dropout):
    assert 0 <= dropout <= 1
    if dropout == 0:
        return X
    return torch.where(torch.rand_like(X) < dropout, torch.zeros((), dtype=X.dtype), X / max(1 - dropout, 1e-30)) if dropout < 1 else torch.zeros_like(X)
