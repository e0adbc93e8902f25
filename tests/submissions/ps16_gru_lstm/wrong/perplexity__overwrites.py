"""Sets the padding of the caller's tensor to zero.

Fails: leaves its inputs unchanged
"""

def perplexity(log_probs, mask):
    log_probs[~mask] = 0
    return torch.exp(-log_probs.sum() / max(int(mask.sum()), 1)).item()
