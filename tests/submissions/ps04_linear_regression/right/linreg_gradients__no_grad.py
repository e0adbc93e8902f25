"""Under no_grad, with its own pieces."""


def linreg_gradients(X, y, w, b):
    with torch.no_grad():
        g = loss_gradient("l2", linreg(X, w, b), y)
        return X.t().mm(g), torch.sum(g, dim=0)
