"""One feature or channel after the other, with its Jacobian as a projection."""

def batch_norm_backward(dY, X, gamma, eps):
    dX = torch.zeros_like(X)
    dgamma, dbeta = torch.zeros_like(gamma), torch.zeros_like(gamma)
    for j in range(X.shape[1]):
        x, dy = X[:, j], dY[:, j]
        std = (x.var(unbiased=False) + eps) ** 0.5
        hat = (x - x.mean()) / std
        dgamma.view(-1)[j] = (dy * hat).sum()
        dbeta.view(-1)[j] = dy.sum()
        dX[:, j] = gamma.flatten()[j] / std * (dy - dy.mean() - hat * (dy * hat).mean())
    return dX, dgamma, dbeta
