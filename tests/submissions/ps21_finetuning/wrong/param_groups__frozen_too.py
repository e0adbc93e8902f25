"""Frozen parameters are in the groups.

Fails: frozen parameters are in no group
Says: does not require a gradient, and is in a group
"""

def param_groups(net, lr):
    moving = [(name, param) for name, param in net.named_parameters()]
    rest = [param for name, param in moving if not name.startswith("fc.")]
    head = [param for name, param in moving if name.startswith("fc.")]
    return [{"params": rest, "lr": lr}, {"params": head, "lr": 10 * lr}]
