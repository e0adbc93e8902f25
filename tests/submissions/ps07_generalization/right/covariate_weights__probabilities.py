"""Through probabilities: p / (1 - p), in float64."""

def covariate_weights(X_source, X_target, fit_logistic):
    X = torch.cat((X_target, X_source), dim=0)
    z = torch.zeros(len(X), dtype=torch.int64)
    z[: len(X_target)] = 1
    p = torch.sigmoid(fit_logistic(X, z)(X_source).detach().double())
    ratio = len(X_source) / len(X_target)
    return (p / (1 - p) * ratio).to(X_source.dtype)
