"""True is taken for padding.

Fails: is the exponential of minus the mean of the log-probabilities
Fails: counts only where the mask is True, one mean over all that counts
Fails: entries that do not count may hold anything, −inf and NaN too
Fails: is 1 where nothing counts, and +inf where the model rules out what happens
"""

def perplexity(log_probs, mask):
    mask = ~mask
    if mask.sum() == 0:
        return 1.0
    return torch.exp(-log_probs[mask].mean()).item()
