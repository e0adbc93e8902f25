"""Plain probabilities, the logarithm at the end.

Fails: stays finite for 500 symbols, without going through all paths
"""

def hmm_posterior(pi, A, B, obs):
    T = len(obs)
    alpha = [pi * B[:, obs[0]]]
    for t in range(1, T):
        alpha.append((alpha[-1] @ A) * B[:, obs[t]])
    rho = [torch.ones_like(pi)]
    for t in range(T - 1, 0, -1):
        rho.insert(0, A @ (B[:, obs[t]] * rho[0]))
    joint = torch.stack(alpha) * torch.stack(rho)
    return (joint / joint.sum(dim=1, keepdim=True)).log()
