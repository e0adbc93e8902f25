"""The biases are forgotten.

Fails: the first group is the rest, the second is net.fc
Fails: each parameter stands in them once, and an optimizer takes them
Says: is in no group
"""

def param_groups(net, lr):
    moving = [(name, param) for name, param in net.named_parameters() if param.requires_grad and param.ndim > 1]
    rest = [param for name, param in moving if not name.startswith("fc.")]
    head = [param for name, param in moving if name.startswith("fc.")]
    return [{"params": rest, "lr": lr}, {"params": head, "lr": 10 * lr}]
