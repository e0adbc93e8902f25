"""Tells the parameters apart by identity."""

def param_groups(net, lr):
    head_ids = {id(p) for p in net.fc.parameters()}
    rest = [p for p in net.parameters() if p.requires_grad and id(p) not in head_ids]
    head = [p for p in net.fc.parameters() if p.requires_grad]
    return [dict(params=rest, lr=lr), dict(params=head, lr=lr * 10)]
