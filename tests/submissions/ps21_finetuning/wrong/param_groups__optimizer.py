"""Returns an optimizer.

Fails: *
Says: a list of dicts
"""

def param_groups(net, lr):
    moving = [(name, param) for name, param in net.named_parameters() if param.requires_grad]
    rest = [param for name, param in moving if not name.startswith("fc.")]
    head = [param for name, param in moving if name.startswith("fc.")]
    return torch.optim.SGD([{"params": rest, "lr": lr}, {"params": head, "lr": 10 * lr}], lr=lr)
