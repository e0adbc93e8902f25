"""Collects the parameters of each module, shared ones twice.

Fails: a parameter that layers share is there once
Says: is in the groups 2 times
"""

def decay_groups(net, weight_decay):
    trained = [p for m in net.modules() for p in m.parameters(recurse=False) if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]
