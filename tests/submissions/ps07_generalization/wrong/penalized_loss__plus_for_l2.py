"""A plus for a times in the L2 penalty.

Fails: *
Says: a plus stands between λ₂
"""

def penalized_loss(losses, weights, l1, l2):
    squared = sum((w**2).sum() for w in weights)
    return losses.mean() + l1 * sum(w.abs().sum() for w in weights) + l2 / 2 + squared
