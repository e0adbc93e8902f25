"""The second half of each row copies the coins of the first.

Fails: each entry throws a coin of its own, at every call
"""

def dropout_layer(X, dropout):
    if dropout == 1:
        return torch.zeros_like(X)
    half = torch.rand(X.shape[:-1] + ((X.shape[-1] + 1) // 2,))
    mask = torch.cat([half, half], dim=-1)[..., : X.shape[-1]] >= dropout
    return X * mask / (1 - dropout)
