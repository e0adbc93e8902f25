"""Overrides train of the whole network, once for each call."""

def freeze(net, until):
    names = [name for name, _ in net.named_children()]
    if until not in names:
        raise ValueError("no child is called " + repr(until))
    frozen = [getattr(net, name) for name in names[: names.index(until) + 1]]
    for child in frozen:
        for p in child.parameters():
            p.requires_grad = False
    usual = net.train

    def train(mode=True):
        usual(mode)
        for child in frozen:
            child.eval()
        return net

    net.train = train
    for child in frozen:
        child.eval()
    return net
