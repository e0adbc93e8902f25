"""The hooks stay on the layers.

Fails: leaves no hooks behind
Says: there are still hooks
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
    net.eval()
    with torch.no_grad():
        net(parameters[0].new_zeros(1, *in_shape))
    pass
    for module, mode in modes:
        module.training = mode
    return sum(p.numel() for p in parameters), sum(paid)
