"""By the name: what is called bias does not decay.

Fails: scales and shifts of normalisation layers do not decay
Fails: the number of dimensions decides, not the name
Fails: frozen parameters are in neither group
May fail: each group brings its own weight_decay, whatever the optimizer's is
Says: should not decay
"""

def decay_groups(net, weight_decay):
    named = [(name, p) for name, p in net.named_parameters() if p.requires_grad]
    return [
        {"params": [p for name, p in named if "bias" not in name], "weight_decay": weight_decay},
        {"params": [p for name, p in named if "bias" in name], "weight_decay": 0.0},
    ]
