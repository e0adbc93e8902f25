"""Ones written into zeros."""

def relu_grad(X):
    D = torch.zeros_like(X)
    D[X > 0] = 1
    return D
