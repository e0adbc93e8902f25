"""Multiplies by the mask: 0 times -inf is NaN.

Fails: entries that do not count may hold anything, −inf and NaN too
"""

def perplexity(log_probs, mask):
    if mask.sum() == 0:
        return 1.0
    return torch.exp(-(log_probs * mask).sum() / mask.sum()).item()
