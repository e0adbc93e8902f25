"""A loop and two lists; tuples of settings."""

def decay_groups(net, weight_decay):
    heavy, light = [], []
    for name, p in net.named_parameters():
        if not p.requires_grad:
            continue
        (heavy if len(p.shape) > 1 else light).append(p)
    return [dict(params=heavy, weight_decay=weight_decay), dict(params=light, weight_decay=0.0)]
