"""Groups are ignored.

Fails: a convolution with groups costs less
Says: the groups are ignored
"""


def network_cost(net, in_shape):
    parameters = list(net.parameters())
    if not parameters:
        return 0, 0
    paid = []

    def pay(layer, inputs, output):
        per_number = math.prod(layer.kernel_size) * layer.in_channels if isinstance(layer, nn.Conv2d) else layer.in_features
        paid.append(output.numel() * per_number)

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
