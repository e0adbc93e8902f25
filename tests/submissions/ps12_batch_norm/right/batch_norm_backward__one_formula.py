"""The well-known single line with sums, m in front."""

def batch_norm_backward(dY, X, gamma, eps):
    images = X.ndim == 4
    dims = (0, 2, 3) if images else 0
    m = X.shape[0] * X.shape[2] * X.shape[3] if images else X.shape[0]
    var, mean = torch.var_mean(X, dims, unbiased=False, keepdim=images)
    root = (var + eps).sqrt()
    hat = (X - mean) / root
    dbeta = dY.sum(dims, keepdim=images)
    dgamma = (dY * hat).sum(dims, keepdim=images)
    dX = gamma / (m * root) * (m * dY - dbeta - hat * dgamma)
    return dX, dgamma, dbeta
