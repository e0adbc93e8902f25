"""The mask is not used.

Fails: counts only where the mask is True, one mean over all that counts
Fails: entries that do not count may hold anything, −inf and NaN too
Fails: is 1 where nothing counts, and +inf where the model rules out what happens
"""

def perplexity(log_probs, mask):
    return torch.exp(-log_probs.mean()).item()
