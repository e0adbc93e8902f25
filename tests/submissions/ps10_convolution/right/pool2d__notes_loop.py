"""Loops over the output, as the book does; -inf or 0 around."""

def pool2d(X, size, mode="max", stride=None, padding=0):
    p_h, p_w = pair(size)
    s_h, s_w = pair(size) if stride is None else pair(stride)
    a, c = pair(padding)
    h, w = X.shape[-2:]
    big = torch.full((*X.shape[:-2], h + 2 * a, w + 2 * c), -float("inf") if mode == "max" else 0.0, dtype=X.dtype, device=X.device)
    big[..., a : a + h, c : c + w] = X
    Y = torch.zeros((*X.shape[:-2], (h + 2 * a - p_h) // s_h + 1, (w + 2 * c - p_w) // s_w + 1), dtype=X.dtype, device=X.device)
    for i in range(Y.shape[-2]):
        for j in range(Y.shape[-1]):
            window = big[..., i * s_h : i * s_h + p_h, j * s_w : j * s_w + p_w]
            if mode == "max":
                Y[..., i, j] = window.amax(dim=(-1, -2))
            elif mode == "avg":
                Y[..., i, j] = window.mean(dim=(-1, -2))
    return Y
