"""Finds the child by its place, raises ValueError from list.index."""

def freeze(net, until):
    names = [name for name, _ in net.named_children()]
    last = names.index(until)
    for name in names[: last + 1]:
        child = net.get_submodule(name)
        child.requires_grad_(False)
        child.eval()

        def train(mode=True, child=child):
            return child

        child.train = train
    return net
