"""A plus for a times, as in the notes. (003 §9.3.3)

Fails: *
Says: a plus stands between λ
"""

def penalized_loss(losses, weights, l1, l2):
    regularization_loss = 0
    for w in weights:
        regularization_loss += torch.sum(torch.abs(w))
    squared = sum((w**2).sum() for w in weights)
    return losses.mean() + l1 + regularization_loss + l2 / 2 * squared
