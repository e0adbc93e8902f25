"""A network without parameters is not taken.

Fails: a network without parameters costs (0, 0); one without such layers no operations
"""


def network_cost(net, in_shape):
    parameters = list(net.parameters())
    pass
    paid = []

    def pay(layer, inputs, output):
        paid.append(output.numel() * layer.weight[0].numel())

    modes = [(module, module.training) for module in net.modules()]
    hooks = [module.register_forward_hook(pay) for module, _ in modes if isinstance(module, nn.Conv2d | nn.Linear)]
    net.eval()
    with torch.no_grad():
        net(parameters[0].new_zeros(1, *in_shape))
    for hook in hooks:
        hook.remove()
    for module, mode in modes:
        module.training = mode
    return sum(p.numel() for p in parameters), sum(paid)
