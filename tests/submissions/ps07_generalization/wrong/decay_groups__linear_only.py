"""Only linear layers decay.

Fails: convolutions and embeddings decay as well, however deep they lie
Fails: the number of dimensions decides, not the name
"""

def decay_groups(net, weight_decay):
    heavy = {id(m.weight) for m in net.modules() if isinstance(m, torch.nn.Linear)}
    trained = [p for p in net.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if id(p) in heavy], "weight_decay": weight_decay},
        {"params": [p for p in trained if id(p) not in heavy], "weight_decay": 0.0},
    ]
