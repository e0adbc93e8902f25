"""The sum of the weights, not of their sizes.

Fails: adds λ₁ times the sum of |w|
Fails: takes both penalties together
Fails: takes any list of weights, an empty one too
Fails: gradients are right
Fails: a weight of exactly 0 gets the gradient 0
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: with their signs
"""

def penalized_loss(losses, weights, l1, l2):
    return losses.mean() + sum(l1 * w.sum() + l2 / 2 * (w**2).sum() for w in weights)
