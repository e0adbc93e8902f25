"""The head is in both groups.

Fails: the first group is the rest, the second is net.fc
Fails: each parameter stands in them once, and an optimizer takes them
Says: in the groups twice
"""

def param_groups(net, lr):
    moving = [(name, param) for name, param in net.named_parameters() if param.requires_grad]
    rest = [param for name, param in moving]
    head = [param for name, param in moving if name.startswith("fc.")]
    return [{"params": rest, "lr": lr}, {"params": head, "lr": 10 * lr}]
