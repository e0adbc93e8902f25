"""The head comes first.

Fails: the first group is the rest, the second is net.fc
Fails: learning rates are lr and 10 · lr
Says: in the wrong order
"""

def param_groups(net, lr):
    moving = [(name, param) for name, param in net.named_parameters() if param.requires_grad]
    rest = [param for name, param in moving if not name.startswith("fc.")]
    head = [param for name, param in moving if name.startswith("fc.")]
    return [{"params": head, "lr": 10 * lr}, {"params": rest, "lr": lr}]
