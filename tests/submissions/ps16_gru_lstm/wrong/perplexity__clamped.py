"""Clamps the logarithms at -20: an excluded letter costs next to nothing.

Fails: is 1 where nothing counts, and +inf where the model rules out what happens
"""

def perplexity(log_probs, mask):
    if mask.sum() == 0:
        return 1.0
    return torch.exp(-log_probs[mask].clamp(min=-20).mean()).item()
