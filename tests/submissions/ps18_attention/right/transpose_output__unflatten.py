"""unflatten, movedim, contiguous and view."""

def transpose_output(X, num_heads):
    n = X.shape[0] // num_heads
    Y = torch.movedim(X.unflatten(0, (n, num_heads)), 1, 2).contiguous()
    return Y.view(n, X.shape[1], num_heads * X.shape[2])
