"""The sum is kept from one call to the next.

Fails: counts parameters, and multiply-adds by the size of what comes out
Fails: gives the same at a second call
May fail: leaves no hooks behind
May fail: every module is in the mode in which it was
May fail: leaves parameters, gradients, statistics of BatchNorm and the program alone
May fail: takes the dtype and the device of the network, meta too
May fail: a convolution with groups costs less
May fail: a layer that is used twice is paid twice, and has its parameters once
May fail: a network without parameters costs (0, 0); one without such layers no operations
"""


PAID = []


def network_cost(net, in_shape):
    parameters = list(net.parameters())
    if not parameters:
        return 0, 0
    paid = PAID

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
