"""Every state is as likely as any other, at every step.

Fails: *
"""

def hmm_posterior(pi, A, B, obs):
    return torch.full((len(obs), len(pi)), 1 / len(pi), dtype=pi.dtype, device=pi.device).log()
