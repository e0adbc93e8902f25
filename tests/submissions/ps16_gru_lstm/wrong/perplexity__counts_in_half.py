"""Counts in float16, which knows every second number only above 2048.

Fails: is the exponential of minus the mean of the log-probabilities
"""

import math


def perplexity(log_probs, mask):
    count = mask.half().sum().item()
    if count == 0:
        return 1.0
    return math.exp(-log_probs[mask].sum().item() / count)
