"""Normalised by the likelihood, the same number at every step; filled by index."""

def hmm_posterior(pi, A, B, obs):
    T = obs.numel()
    log_alpha = pi.new_empty(T, pi.numel())
    log_rho = pi.new_zeros(T, pi.numel())
    emit = torch.log(B[:, obs]).T
    log_alpha[0] = torch.log(pi) + emit[0]
    for t in range(T - 1):
        log_alpha[t + 1] = (log_alpha[t].view(-1, 1) + torch.log(A)).logsumexp(0) + emit[t + 1]
    for t in reversed(range(T - 1)):
        log_rho[t] = (torch.log(A) + (emit[t + 1] + log_rho[t + 1]).view(1, -1)).logsumexp(1)
    return log_alpha + log_rho - log_alpha[-1].logsumexp(0)
