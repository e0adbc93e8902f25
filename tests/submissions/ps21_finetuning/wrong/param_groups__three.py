"""A group for each of body, head weight and head bias.

Fails: *
Says: 3 groups
"""

def param_groups(net, lr):
    moving = [(name, param) for name, param in net.named_parameters() if param.requires_grad]
    rest = [param for name, param in moving if not name.startswith("fc.")]
    head = [param for name, param in moving if name.startswith("fc.")]
    return [{"params": rest, "lr": lr}, {"params": head[:1], "lr": 10 * lr}, {"params": head[1:], "lr": 10 * lr}]
