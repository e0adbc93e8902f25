"""torch.where for the padding, sums, math.exp."""

import math

def perplexity(log_probs, mask):
    count = int(mask.sum())
    if not count:
        return 1.0
    kept = torch.where(mask, log_probs, torch.zeros_like(log_probs))
    return math.exp(-kept.sum().item() / count)
