"""Takes every name with fc in it for the head.

Fails: the first group is the rest, the second is net.fc
Says: only net.fc is the head
"""

def param_groups(net, lr):
    moving = [(name, param) for name, param in net.named_parameters() if param.requires_grad]
    rest = [param for name, param in moving if "fc" not in name]
    head = [param for name, param in moving if "fc" in name]
    return [{"params": rest, "lr": lr}, {"params": head, "lr": 10 * lr}]
