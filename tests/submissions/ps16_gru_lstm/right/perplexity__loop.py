"""A loop over the entries, with plain numbers."""

import math

def perplexity(log_probs, mask):
    total, n = 0.0, 0
    for value, counts in zip(log_probs.reshape(-1).tolist(), mask.reshape(-1).tolist()):
        if counts:
            total -= value
            n += 1
    return math.exp(total / max(n, 1))
