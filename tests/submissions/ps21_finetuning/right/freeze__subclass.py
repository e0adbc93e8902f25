"""The class of a frozen child is replaced by one whose train does not listen."""

def freeze(net, until):
    names = dict(net.named_children())
    if until not in names:
        raise ValueError(until)
    keys = list(names)
    frozen = [names[k] for k in keys[: keys.index(until) + 1]]

    class Frozen:
        def train(self, mode=True):
            return type(self).__mro__[2].train(self, False)

    for m in frozen:
        m.requires_grad_(False).eval()
        m.__class__ = type("Frozen" + type(m).__name__, (Frozen, type(m)), {})
    return net
