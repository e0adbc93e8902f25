"""Zeros of the right shape.

Fails: every entry is the sum of window times kernel, which is not flipped
Fails: gradients flow back to X and K
"""

def corr2d(X, K):
    return X.new_zeros(X.shape[0] - K.shape[0] + 1, X.shape[1] - K.shape[1] + 1)
