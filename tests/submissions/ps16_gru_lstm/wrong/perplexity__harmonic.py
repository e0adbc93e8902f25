"""The harmonic mean of 1/p, after the word that 004 uses for the perplexity.

Fails: is the exponential of minus the mean of the log-probabilities
Fails: counts only where the mask is True, one mean over all that counts
Fails: entries that do not count may hold anything, −inf and NaN too
Fails: is 1 where nothing counts, and +inf where the model rules out what happens
"""

def perplexity(log_probs, mask):
    if mask.sum() == 0:
        return 1.0
    return (1 / log_probs[mask].exp().mean()).item()
