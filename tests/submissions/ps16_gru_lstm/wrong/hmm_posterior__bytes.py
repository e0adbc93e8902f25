"""Symbols as bytes: the 256th is taken for the first.

Fails: is the logarithm of each state's share of all paths
"""


def hmm_posterior(pi, A, B, obs):
    obs = obs.to(torch.uint8).long()
    log_A, log_seen = A.log(), B.log()[:, obs].T  # (k, k), (T, k)
    alphas, rhos = [pi.log() + log_seen[0]], [torch.zeros_like(pi)]
    for t in range(1, len(obs)):
        alphas.append(torch.logsumexp(alphas[-1][:, None] + log_A, dim=0) + log_seen[t])
        rhos.append(torch.logsumexp(log_A + log_seen[-t] + rhos[-1], dim=1))
    joint = torch.stack(alphas) + torch.stack(rhos[::-1])
    return joint - torch.logsumexp(joint, dim=1, keepdim=True)
