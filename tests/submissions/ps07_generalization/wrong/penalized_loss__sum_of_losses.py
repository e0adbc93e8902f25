"""The sum of the losses, not their mean.

Fails: *
Says: their mean is asked for
"""

def penalized_loss(losses, weights, l1, l2):
    return losses.sum() + sum(l1 * w.abs().sum() + l2 / 2 * (w**2).sum() for w in weights)
