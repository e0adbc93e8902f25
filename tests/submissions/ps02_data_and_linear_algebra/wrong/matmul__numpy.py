"""By way of NumPy.

Fails: *
"""


def matmul(X, Y):
    return torch.from_numpy(X.detach().numpy() @ Y.detach().numpy())
