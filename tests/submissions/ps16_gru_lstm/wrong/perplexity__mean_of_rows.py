"""The mean of the rows' perplexities.

Fails: is the exponential of minus the mean of the log-probabilities
Fails: counts only where the mask is True, one mean over all that counts
Fails: entries that do not count may hold anything, −inf and NaN too
"""

def perplexity(log_probs, mask):
    if mask.sum() == 0:
        return 1.0
    rows = [torch.exp(-row[m].mean()) for row, m in zip(log_probs, mask)]
    return torch.stack(rows).mean().item()
