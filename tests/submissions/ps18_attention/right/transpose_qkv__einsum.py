"""einsum does the exchange."""

def transpose_qkv(X, num_heads):
    n, T, h = X.shape
    return torch.einsum("nthp->nhtp", X.reshape(n, T, num_heads, -1)).reshape(n * num_heads, T, h // num_heads)
