"""view: cutting a dimension needs no copy, in any memory order."""

def transpose_qkv(X, num_heads):
    n, T, h = X.shape
    return X.view(n, T, num_heads, h // num_heads).transpose(1, 2).flatten(0, 1)
