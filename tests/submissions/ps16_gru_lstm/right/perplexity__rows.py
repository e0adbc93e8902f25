"""The sums and counts of the rows, added up."""

import math


def perplexity(log_probs, mask):
    rows = [(row[m].double().sum().item(), int(m.sum())) for row, m in zip(log_probs.reshape(-1, log_probs.shape[-1]), mask.reshape(-1, mask.shape[-1]))]
    total, count = map(sum, zip(*rows))
    return math.exp(-total / count) if count else 1.0
