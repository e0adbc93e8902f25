"""Calls ridge, and trains nothing.

Fails: weights start as normal numbers of deviation 1, the bias at 0
Fails: the weights decay in every step, by 1 - lr · λ
Fails: every epoch takes each sample once, in a new random order
Fails: a short last batch counts with its own size
"""

def train_weight_decay(X, y, lambd, lr, num_epochs, batch_size):
    return ridge(X, y, lambd)
