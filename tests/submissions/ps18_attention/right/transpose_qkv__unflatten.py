"""unflatten, swapaxes, contiguous and view."""

def transpose_qkv(X, num_heads):
    n, T, h = X.size()
    out = X.unflatten(-1, (num_heads, h // num_heads)).swapaxes(1, 2).contiguous()
    return out.view(n * num_heads, T, -1)
