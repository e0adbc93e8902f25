"""Takes fc_norm for the head as well.

Fails: the first group is the rest, the second is net.fc
Says: only net.fc is the head
"""

def param_groups(net, lr):
    moving = [(name, param) for name, param in net.named_parameters() if param.requires_grad]
    rest = [param for name, param in moving if not name.startswith("fc")]
    head = [param for name, param in moving if name.startswith("fc")]
    return [{"params": rest, "lr": lr}, {"params": head, "lr": 10 * lr}]
