"""Adds 1e-9 to every probability.

Fails: keeps the dtype, and takes probabilities in any memory order
Fails: probabilities may be 0: −inf for a state that cannot be, never NaN
"""

def hmm_posterior(pi, A, B, obs):
    T, k = len(obs), len(pi)
    log_A, log_B = (A + 1e-9).log(), (B + 1e-9).log()
    alpha = [(pi + 1e-9).log() + log_B[:, obs[0]]]
    for t in range(1, T):
        alpha.append(torch.logsumexp(alpha[-1].unsqueeze(1) + log_A, dim=0) + log_B[:, obs[t]])
    rho = [torch.zeros_like(pi)]
    for t in range(T - 1, 0, -1):
        rho.insert(0, torch.logsumexp(log_A + log_B[:, obs[t]] + rho[0], dim=1))
    joint = torch.stack(alpha) + torch.stack(rho)
    return joint - torch.logsumexp(joint, dim=1, keepdim=True)
