"""Computes in float32, and goes back to the dtype of pi at the end.

Fails: stays finite for 500 symbols, without going through all paths
Fails: keeps the dtype, and takes probabilities in any memory order
"""


def hmm_posterior(pi, A, B, obs):
    dtype = pi.dtype
    pi, A, B = pi.float(), A.float(), B.float()
    log_A, log_seen = A.log(), B.log()[:, obs].T  # (k, k), (T, k)
    alphas, rhos = [pi.log() + log_seen[0]], [torch.zeros_like(pi)]
    for t in range(1, len(obs)):
        alphas.append(torch.logsumexp(alphas[-1][:, None] + log_A, dim=0) + log_seen[t])
        rhos.append(torch.logsumexp(log_A + log_seen[-t] + rhos[-1], dim=1))
    joint = torch.stack(alphas) + torch.stack(rhos[::-1])
    return (joint - torch.logsumexp(joint, dim=1, keepdim=True)).to(dtype)
