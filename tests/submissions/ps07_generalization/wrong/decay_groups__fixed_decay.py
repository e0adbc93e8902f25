"""0.25 whatever is asked for.

Fails: each group brings its own weight_decay, whatever the optimizer's is
"""

def decay_groups(net, weight_decay):
    trained = [p for p in net.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": 0.25},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]
