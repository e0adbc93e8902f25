"""Generators instead of lists, and names for the groups."""

def param_groups(net, lr):
    rest = (p for n, p in net.named_parameters() if p.requires_grad and n not in ("fc.weight", "fc.bias"))
    head = filter(lambda p: p.requires_grad, net.fc.parameters())
    return [{"params": list(rest), "lr": lr, "name": "rest"}, {"params": list(head), "lr": 10.0 * lr, "name": "head"}]
