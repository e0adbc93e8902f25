"""net[0] only, and no entry in the second group, as in the notes. (004)

Fails: *
"""

def decay_groups(net, weight_decay):
    return [{"params": [net[0].weight], "weight_decay": weight_decay}, {"params": [net[0].bias]}]
