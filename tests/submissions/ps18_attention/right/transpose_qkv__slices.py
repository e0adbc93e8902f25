"""Slices of the heads, stacked."""


def transpose_qkv(X, num_heads):
    p = X.shape[2] // num_heads
    heads = []
    for j in range(num_heads):
        heads.append(X[:, :, j * p : (j + 1) * p])
    out = torch.stack(heads, dim=1)
    return out.reshape(-1, X.shape[1], p)
