"""Autograd switched off for the length of the function."""


@torch.no_grad()
def delta_rule(X, W1, W2, T):
    H = (X @ W1.T).sigmoid()
    O = (H @ W2.T).sigmoid()
    d = O * (1 - O) * (O - T)
    return (H * (1 - H) * (d @ W2)).T @ X, d.T @ H
