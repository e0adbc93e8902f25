"""n_t / n_s.

Fails: the numbers of samples are taken out: times n_s / n_t
Fails: keeps the dtype, and takes numbers in any memory order
Fails: gives the same when it is called again, and leaves the program as it was
Says: the sizes have changed places
"""

def covariate_weights(X_source, X_target, fit_logistic):
    z = torch.cat([torch.zeros_like(X_source[:, 0]), torch.ones_like(X_target[:, 0])])
    h = fit_logistic(torch.cat([X_source, X_target]), z)
    return (h(X_source).exp() * len(X_target) / len(X_source)).detach()
