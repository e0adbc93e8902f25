"""The mean of 1/p.

Fails: is the exponential of minus the mean of the log-probabilities
Fails: counts only where the mask is True, one mean over all that counts
Fails: entries that do not count may hold anything, −inf and NaN too
"""

def perplexity(log_probs, mask):
    if mask.sum() == 0:
        return 1.0
    return torch.exp(-log_probs[mask]).mean().item()
