"""Two matrices of zeros and ones that move rows and columns."""

def pad2d(X, padding):
    ph, pw = pair(padding)
    h, w = X.shape[-2:]
    left = torch.eye(h + 2 * ph, dtype=X.dtype, device=X.device)[:, ph : ph + h]
    right = torch.eye(w + 2 * pw, dtype=X.dtype, device=X.device)[pw : pw + w]
    return left @ X @ right
