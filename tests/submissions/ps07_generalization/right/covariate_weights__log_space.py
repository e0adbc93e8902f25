"""The sizes as a difference of logarithms."""

def covariate_weights(X_source, X_target, fit_logistic):
    n_s, n_t = X_source.shape[0], X_target.shape[0]
    labels = torch.cat([X_source.new_zeros(n_s), X_target.new_ones(n_t)])
    h = fit_logistic(torch.cat([X_source, X_target]), labels)
    return (h(X_source) + math.log(n_s) - math.log(n_t)).detach().exp()
