"""All the padding at the bottom and on the right.

Fails: an int puts as many zeros on each of the four sides
Fails: a pair is (rows above and below, columns left and right)
Fails: padding 0 works, on both sides and on one
Fails: gradients flow back to X
Fails: no loop over the batch
"""

def pad2d(X, padding):
    ph, pw = pair(padding)
    h, w = X.shape[-2:]
    Y = X.new_zeros(*X.shape[:-2], h + 2 * ph, w + 2 * pw)
    Y[..., :h, :w] = X
    return Y
