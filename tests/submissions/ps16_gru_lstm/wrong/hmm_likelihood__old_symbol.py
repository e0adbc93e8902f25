"""Takes the symbol of the step before.

Fails: is the logarithm of the sum over all paths
Fails: stays finite for 500 symbols
Fails: probabilities may be 0: −inf for what cannot happen, never NaN
"""

def hmm_likelihood(pi, A, B, obs):
    log_pi, log_A, log_B = torch.log(pi), torch.log(A), torch.log(B)
    alpha = log_pi + log_B[:, obs[0]]
    for t in range(1, len(obs)):
        alpha = torch.logsumexp(alpha.unsqueeze(1) + log_A, dim=0) + log_B[:, obs[t - 1]]
    return torch.logsumexp(alpha, dim=0)
