"""Writes into its input.

Fails: gradients are right
Fails: leaves its inputs unchanged
"""


def scale_rows(X):
    with torch.no_grad():
        X /= X.abs().sum(dim=1, keepdim=True)
    return X.clone()
