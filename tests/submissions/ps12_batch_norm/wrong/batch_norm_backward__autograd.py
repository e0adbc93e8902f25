"""Lets autograd do it.

Fails: *
"""

def batch_norm_backward(dY, X, gamma, eps):
    X, gamma = X.detach().clone().requires_grad_(), gamma.detach().clone().requires_grad_()
    beta = torch.zeros_like(gamma).requires_grad_()
    dims = [i for i in range(X.ndim) if i != 1]
    mean = X.mean(dims, keepdim=True)
    var = ((X - mean) ** 2).mean(dims, keepdim=True)
    Y = gamma * (X - mean) / torch.sqrt(var + eps) + beta
    Y.backward(dY)
    return X.grad, gamma.grad, beta.grad
