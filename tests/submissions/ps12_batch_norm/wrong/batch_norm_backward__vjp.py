"""torch.func.vjp.

Fails: *
"""

def batch_norm_backward(dY, X, gamma, eps):
    def forward(X, gamma, beta):
        dims = [i for i in range(X.ndim) if i != 1]
        mean = X.mean(dims, keepdim=True)
        return gamma * (X - mean) / torch.sqrt(((X - mean) ** 2).mean(dims, keepdim=True) + eps) + beta

    return torch.func.vjp(forward, X, gamma, torch.zeros_like(gamma))[1](dY)
