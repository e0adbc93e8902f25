"""The weights of the target samples.

Fails: *
"""

def covariate_weights(X_source, X_target, fit_logistic):
    z = torch.cat([torch.zeros_like(X_source[:, 0]), torch.ones_like(X_target[:, 0])])
    h = fit_logistic(torch.cat([X_source, X_target]), z)
    return (h(X_target).exp() * len(X_source) / len(X_target)).detach()
