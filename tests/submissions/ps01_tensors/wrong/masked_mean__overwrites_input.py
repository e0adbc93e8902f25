"""Writes the zeros into X itself.

Fails: X and mask are left as they were
"""

def masked_mean(X, mask):
    kept = X.masked_fill(~mask, 0)
    with torch.no_grad():
        X.copy_(kept)
    return kept.sum(dim=1) / mask.sum(dim=1).clamp(min=1)
