"""Divided by their mean.

Fails: *
Says: divided by their mean
"""

def covariate_weights(X_source, X_target, fit_logistic):
    z = torch.cat([torch.zeros_like(X_source[:, 0]), torch.ones_like(X_target[:, 0])])
    h = fit_logistic(torch.cat([X_source, X_target]), z)
    w = h(X_source).exp().detach()
    return w / w.mean()
