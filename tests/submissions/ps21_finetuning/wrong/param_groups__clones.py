"""Copies of the parameters: the network itself never learns.

Fails: *
Says: was it copied or detached
"""

def param_groups(net, lr):
    moving = [(name, param) for name, param in net.named_parameters() if param.requires_grad]
    rest = [param.detach().clone().requires_grad_() for name, param in moving if not name.startswith("fc.")]
    head = [param for name, param in moving if name.startswith("fc.")]
    return [{"params": rest, "lr": lr}, {"params": head, "lr": 10 * lr}]
