"""The picture goes through in training mode.

Fails: leaves parameters, gradients, statistics of BatchNorm and the program alone
"""


def network_cost(net, in_shape):
    parameters = list(net.parameters())
    if not parameters:
        return 0, 0
    paid = []

    def pay(layer, inputs, output):
        paid.append(output.numel() * layer.weight[0].numel())

    modes = [(module, module.training) for module in net.modules()]
    hooks = [module.register_forward_hook(pay) for module, _ in modes if isinstance(module, nn.Conv2d | nn.Linear)]
    pass
    with torch.no_grad():
        net(parameters[0].new_zeros(1, *in_shape).expand(2, *in_shape))
    for hook in hooks:
        hook.remove()
    for module, mode in modes:
        module.training = mode
    return sum(p.numel() for p in parameters), sum(paid) // 2
