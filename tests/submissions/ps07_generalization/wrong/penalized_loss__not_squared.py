"""The norm itself, not its square.

Fails: adds λ₂ / 2 times the sum of w²
Fails: takes both penalties together
Fails: takes any list of weights, an empty one too
Fails: gradients are right
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: the L2 norm is not squared
"""

def penalized_loss(losses, weights, l1, l2):
    loss = losses.mean()
    for w in weights:
        loss = loss + l1 * w.abs().sum() + l2 / 2 * w.norm()
    return loss
