"""A walk through the modules, remembering what it has met."""

def decay_groups(net, weight_decay):
    met, groups = set(), ([], [])
    for module in net.modules():
        for p in module.parameters(recurse=False):
            if p.requires_grad and id(p) not in met:
                met.add(id(p))
                groups[p.dim() < 2].append(p)
    return [{"params": groups[0], "weight_decay": weight_decay}, {"params": groups[1], "weight_decay": 0}]
