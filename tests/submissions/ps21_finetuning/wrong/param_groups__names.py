"""Names instead of parameters.

Fails: *
"""

def param_groups(net, lr):
    moving = [(name, param) for name, param in net.named_parameters() if param.requires_grad]
    rest = [name for name, param in moving if not name.startswith("fc.")]
    head = [name for name, param in moving if name.startswith("fc.")]
    return [{"params": rest, "lr": lr}, {"params": head, "lr": 10 * lr}]
