"""Symbols as bytes: the 256th is taken for the first.

Fails: is the logarithm of the sum over all paths
"""


def hmm_likelihood(pi, A, B, obs):
    log_A, log_B = A.log(), B.log()
    symbols = obs.to(torch.uint8).tolist()
    log_alpha = pi.log() + log_B[:, symbols[0]]
    for x in symbols[1:]:
        log_alpha = torch.logsumexp(log_alpha[:, None] + log_A, dim=0) + log_B[:, x]
    return torch.logsumexp(log_alpha, dim=0)
