"""Makes rows of the pixels; einsum for the sums; a list for the results."""

def batch_norm_backward(dY, X, gamma, eps):
    def rows(T):
        return T if T.ndim == 2 else T.permute(0, 2, 3, 1).reshape(-1, T.shape[1])

    x, dy, scale = rows(X), rows(dY), gamma.flatten()
    centred = x - x.mean(0)
    inverse = torch.rsqrt((centred**2).mean(0) + eps)
    hat = centred * inverse
    dgamma, dbeta = torch.einsum("nd,nd->d", dy, hat), dy.sum(0)
    dx = scale * inverse * (dy - dbeta / len(x) - hat * dgamma / len(x))
    if X.ndim == 4:
        n, c, h, w = X.shape
        dx = dx.reshape(n, h, w, c).permute(0, 3, 1, 2)
    return [dx, dgamma.reshape(gamma.shape), dbeta.reshape(gamma.shape)]
