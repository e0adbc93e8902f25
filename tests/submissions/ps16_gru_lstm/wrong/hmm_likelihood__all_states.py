"""Returns one number for each last state.

Fails: *
"""

def hmm_likelihood(pi, A, B, obs):
    log_pi, log_A, log_B = torch.log(pi), torch.log(A), torch.log(B)
    alpha = log_pi + log_B[:, obs[0]]
    for t in range(1, len(obs)):
        alpha = torch.logsumexp(alpha.unsqueeze(1) + log_A, dim=0) + log_B[:, obs[t]]
    return alpha
