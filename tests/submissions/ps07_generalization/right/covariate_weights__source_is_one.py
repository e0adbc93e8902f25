"""The source has the label 1, and the odds are turned over."""

def covariate_weights(X_source, X_target, fit_logistic):
    z = torch.cat([torch.ones(len(X_source)), torch.zeros(len(X_target))]).to(X_source.dtype)
    with torch.no_grad():
        h = fit_logistic(torch.cat([X_source, X_target]), z)
        return torch.exp(-h(X_source)) * len(X_source) / len(X_target)
