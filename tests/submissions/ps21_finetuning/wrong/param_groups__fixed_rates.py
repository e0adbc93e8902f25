"""The learning rates are hard-coded.

Fails: learning rates are lr and 10 · lr
"""

def param_groups(net, lr):
    moving = [(name, param) for name, param in net.named_parameters() if param.requires_grad]
    rest = [param for name, param in moving if not name.startswith("fc.")]
    head = [param for name, param in moving if name.startswith("fc.")]
    return [{"params": rest, "lr": 0.01}, {"params": head, "lr": 0.1}]
