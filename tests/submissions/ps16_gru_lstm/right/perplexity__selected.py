"""Selects, then mean and exp."""

def perplexity(log_probs, mask):
    if mask.sum() == 0:
        return 1.0
    return torch.exp(-log_probs[mask].mean()).item()
