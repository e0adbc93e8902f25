"""The head has the small rate, the rest the large one.

Fails: learning rates are lr and 10 · lr
Says: the other way round
"""

def param_groups(net, lr):
    moving = [(name, param) for name, param in net.named_parameters() if param.requires_grad]
    rest = [param for name, param in moving if not name.startswith("fc.")]
    head = [param for name, param in moving if name.startswith("fc.")]
    return [{"params": rest, "lr": 10 * lr}, {"params": head, "lr": lr}]
