"""A bool as an index."""

def param_groups(net, lr):
    groups = [{"params": [], "lr": lr}, {"params": [], "lr": 10 * lr}]
    for name, p in net.named_parameters():
        p.requires_grad and groups[name.startswith("fc.")]["params"].append(p)
    return groups
