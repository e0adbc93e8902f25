"""The other form of the formula: p_i times (1[i = j] - p_j)."""

def softmax_jacobian(p):
    k = p.shape[1]
    eye = torch.eye(k, dtype=p.dtype, device=p.device)
    return p[:, :, None] * (eye - p[:, None, :])
