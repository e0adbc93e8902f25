"""Puts both into an nn.Sequential.

Fails: *
"""

def fold_batch_norm(conv, bn):
    return nn.Sequential(conv, bn)
