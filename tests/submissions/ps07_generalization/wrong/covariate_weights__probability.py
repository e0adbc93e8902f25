"""The probability for the odds.

Fails: *
Says: a probability is taken where the odds belong
"""

def covariate_weights(X_source, X_target, fit_logistic):
    z = torch.cat([torch.zeros_like(X_source[:, 0]), torch.ones_like(X_target[:, 0])])
    h = fit_logistic(torch.cat([X_source, X_target]), z)
    return (torch.sigmoid(h(X_source)) * len(X_source) / len(X_target)).detach()
