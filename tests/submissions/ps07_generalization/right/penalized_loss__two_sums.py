"""Two running sums, multiplied at the end."""

def penalized_loss(losses, weights, l1, l2):
    total = squares = 0
    for w in weights:
        total = total + w.abs().sum()
        squares = squares + (w * w).sum() / 2
    return losses.sum() / len(losses) + l1 * total + l2 * squares
