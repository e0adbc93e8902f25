"""Goes through exp at every step: log(exp(alpha) @ A).

Fails: stays finite for 500 symbols
"""

def hmm_likelihood(pi, A, B, obs):
    alpha = torch.log(pi * B[:, obs[0]])
    for x in obs[1:]:
        alpha = torch.log(torch.exp(alpha) @ A) + torch.log(B[:, x])
    return torch.log(torch.exp(alpha).sum())
