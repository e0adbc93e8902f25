"""λ/(2n), as two of the notes have it. (001, 002)

Fails: adds λ₂ / 2 times the sum of w²
Fails: takes both penalties together
Fails: takes any list of weights, an empty one too
Fails: gradients are right
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: the penalty is divided by the number of samples
"""

def penalized_loss(losses, weights, l1, l2):
    n = len(losses)
    return losses.mean() + sum(l1 * w.abs().sum() + l2 / (2 * n) * (w**2).sum() for w in weights)
