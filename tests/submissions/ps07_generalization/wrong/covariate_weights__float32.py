"""Fits and answers in float32.

Fails: keeps the dtype, and takes numbers in any memory order
"""

def covariate_weights(X_source, X_target, fit_logistic):
    z = torch.cat([torch.zeros(len(X_source)), torch.ones(len(X_target))])
    h = fit_logistic(torch.cat([X_source, X_target]).float(), z)
    return (h(X_source.float()).exp() * len(X_source) / len(X_target)).detach()
