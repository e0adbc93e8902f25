"""Puts everything back even where the network fails."""


def network_cost(net, in_shape):
    first = next(net.parameters(), None)
    if first is None:
        return (0, 0)
    counts = {"adds": 0}

    def hook(module, inputs, output):
        counts["adds"] += output.numel() * module.weight.numel() // module.weight.shape[0]

    was = {module: module.training for module in net.modules()}
    handles = []
    try:
        for module in was:
            module.training = False
            if type(module) in (nn.Conv2d, nn.Linear):
                handles.append(module.register_forward_hook(hook))
        with torch.inference_mode():
            net(torch.zeros(1, *in_shape, dtype=first.dtype, device=first.device))
    finally:
        for handle in handles:
            handle.remove()
        for module, training in was.items():
            module.training = training
    return sum(map(torch.numel, net.parameters())), counts["adds"]
