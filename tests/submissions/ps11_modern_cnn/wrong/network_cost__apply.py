"""Hooks by net.apply, which comes to a layer in two modules twice.

Fails: a layer that is used twice is paid twice, and has its parameters once
Fails: leaves no hooks behind
Fails: every module is in the mode in which it was
Fails: leaves parameters, gradients, statistics of BatchNorm and the program alone
Says: a layer that stands in two modules gets two hooks
"""


def network_cost(net, in_shape):
    import copy

    num_parameters = sum(p.numel() for p in net.parameters())
    if num_parameters == 0:
        return 0, 0
    total = []
    count = lambda layer, args, out: total.append(out.numel() * layer.weight[0].numel())
    clone = copy.deepcopy(net).eval()
    clone.apply(lambda layer: layer.register_forward_hook(count) if isinstance(layer, (nn.Conv2d, nn.Linear)) else None)
    with torch.no_grad():
        clone(next(clone.parameters()).new_zeros(1, *in_shape))
    return num_parameters, sum(total)
