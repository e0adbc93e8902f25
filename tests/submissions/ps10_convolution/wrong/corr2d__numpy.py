"""Computed in NumPy: right numbers, no graph.

Fails: gradients flow back to X and K
"""

def corr2d(X, K):
    x, k = X.detach().cpu().numpy(), K.detach().cpu().numpy()
    h, w = k.shape
    rows = [[(x[i : i + h, j : j + w] * k).sum() for j in range(x.shape[1] - w + 1)] for i in range(x.shape[0] - h + 1)]
    return torch.tensor(rows, dtype=X.dtype, device=X.device)
