"""Frozen parameters are in the groups.

Fails: frozen parameters are in neither group
Says: which is frozen
"""

def decay_groups(net, weight_decay):
    params = list(net.parameters())
    return [
        {"params": [p for p in params if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in params if p.ndim < 2], "weight_decay": 0.0},
    ]
