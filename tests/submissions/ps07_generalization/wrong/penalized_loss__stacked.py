"""Stacks the weights: works for equal shapes only, and not for none.

Fails: *
"""

def penalized_loss(losses, weights, l1, l2):
    w = torch.stack(weights)
    return losses.mean() + l1 * w.abs().sum() + l2 / 2 * (w**2).sum()
