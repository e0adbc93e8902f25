"""Filters, and the second group in the opposite order."""

def decay_groups(net, weight_decay):
    params = list(filter(lambda p: p.requires_grad, net.parameters()))
    return [
        {"params": list(filter(lambda p: p.dim() >= 2, params)), "weight_decay": weight_decay},
        {"params": list(filter(lambda p: p.dim() < 2, reversed(params))), "weight_decay": 0.0},
    ]
