"""Looks at the layers directly in the network only.

Fails: convolutions and embeddings decay as well, however deep they lie
Fails: the number of dimensions decides, not the name
"""

def decay_groups(net, weight_decay):
    trained = [p for m in net.children() for p in m.parameters(recurse=False) if p.requires_grad]
    trained = list(dict.fromkeys(trained))
    return [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]
