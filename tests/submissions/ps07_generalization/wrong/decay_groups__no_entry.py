"""The second group brings no weight_decay. (004)

Fails: each group brings its own weight_decay, whatever the optimizer's is
Says: the second group has no entry
"""

def decay_groups(net, weight_decay):
    trained = [p for p in net.parameters() if p.requires_grad]
    return [{"params": [p for p in trained if p.ndim >= 2], "weight_decay": weight_decay}, {"params": [p for p in trained if p.ndim < 2]}]
