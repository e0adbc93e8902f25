"""net.train() has no effect on the whole network any more.

Fails: norm layers of the frozen part stay in evaluation mode after net.train()
Fails: the layers behind it follow net.train() and net.eval() as ever
Says: stand still in training mode
"""

def freeze(net, until):
    if until not in dict(net.named_children()):
        raise ValueError(f"the network has no child named {until!r}")
    for name, child in net.named_children():
        child.requires_grad_(False)
        child.eval()
        child.train = lambda mode=True, child=child: child
        if name == until:
            break
    net.eval()
    net.train = lambda mode=True: net
    return net
