"""masked_fill and clamp, in float64; a tensor with one entry is returned."""

def perplexity(log_probs, mask):
    total = log_probs.double().masked_fill(~mask, 0.0).sum()
    return (-total / mask.sum().clamp(min=1)).exp()
