"""An unknown name freezes everything.

Fails: an unknown name raises ValueError and changes nothing
Says: raised no error
"""

def freeze(net, until):
    for name, child in net.named_children():
        child.requires_grad_(False)
        child.eval()
        child.train = lambda mode=True, child=child: child
        if name == until:
            break
    return net
