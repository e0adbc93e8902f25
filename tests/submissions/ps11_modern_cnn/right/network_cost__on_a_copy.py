"""Counts on a deep copy, so that there is nothing to put back."""


def network_cost(net, in_shape):
    import copy

    total = 0

    def hook(layer, args, result):
        nonlocal total
        if isinstance(layer, nn.Linear):
            total += result.numel() * layer.in_features
        else:
            kh, kw = layer.kernel_size
            total += result.numel() * layer.in_channels // layer.groups * kh * kw

    twin = copy.deepcopy(net).eval()
    for module in twin.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.register_forward_hook(hook)
    params = list(net.parameters())
    if params:
        with torch.no_grad():
            twin(torch.zeros((1,) + tuple(in_shape), dtype=params[0].dtype, device=params[0].device))
    return sum(p.numel() for p in params), total
