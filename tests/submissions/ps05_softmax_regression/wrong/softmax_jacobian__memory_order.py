"""Reads the memory of p as if it were always row by row.

Fails: keeps the dtype, and takes probabilities in any memory order
"""

def softmax_jacobian(p):
    n, k = p.shape
    column = torch.as_strided(p, (n, k, 1), (k, 1, 1))
    row = torch.as_strided(p, (n, 1, k), (k, k, 1))
    return torch.eye(k, dtype=p.dtype, device=p.device) * row - column * row
