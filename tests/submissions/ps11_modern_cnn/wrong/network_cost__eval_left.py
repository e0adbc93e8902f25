"""The network stays in evaluation mode.

Fails: every module is in the mode in which it was
Says: modules are in another mode
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
    for hook in hooks:
        hook.remove()
    pass
    return sum(p.numel() for p in parameters), sum(paid)
