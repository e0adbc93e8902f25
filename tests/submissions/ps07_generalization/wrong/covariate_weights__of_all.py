"""Weights of all samples.

Fails: *
Says: all samples get a weight
"""

def covariate_weights(X_source, X_target, fit_logistic):
    X = torch.cat([X_source, X_target])
    z = torch.cat([torch.zeros_like(X_source[:, 0]), torch.ones_like(X_target[:, 0])])
    return (fit_logistic(X, z)(X).exp() * len(X_source) / len(X_target)).detach()
