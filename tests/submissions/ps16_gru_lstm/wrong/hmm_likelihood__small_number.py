"""Adds 1e-9 to every probability, so that no logarithm is infinite.

Fails: probabilities may be 0: −inf for what cannot happen, never NaN
"""

def hmm_likelihood(pi, A, B, obs):
    log_pi, log_A, log_B = torch.log(pi + 1e-9), torch.log(A + 1e-9), torch.log(B + 1e-9)
    alpha = log_pi + log_B[:, obs[0]]
    for t in range(1, len(obs)):
        alpha = torch.logsumexp(alpha.unsqueeze(1) + log_A, dim=0) + log_B[:, obs[t]]
    return torch.logsumexp(alpha, dim=0)
