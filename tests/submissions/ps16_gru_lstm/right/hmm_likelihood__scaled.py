"""Plain probabilities, scaled to sum one at every step; the logarithms of the scales add up."""

def hmm_likelihood(pi, A, B, obs):
    total = torch.zeros((), dtype=pi.dtype, device=pi.device)
    alpha = pi * B[:, obs[0]]
    for i, x in enumerate(obs):
        if i > 0:
            alpha = (alpha @ A) * B[:, x]
        scale = alpha.sum()
        if scale == 0:
            return torch.tensor(float("-inf"))
        total = total + torch.log(scale)
        alpha = alpha / scale
    return total
