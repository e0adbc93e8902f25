"""Two coins and a size: the same distribution."""


def my_init(module):
    if isinstance(module, nn.Linear):
        shape = module.weight.shape
        size = 5 + 5 * torch.rand(shape)
        sign = 2.0 * torch.randint(0, 2, shape) - 1
        alive = torch.rand(shape) < 0.5
        module.weight.data.copy_(size * sign * alive)
        if module.bias is not None:
            module.bias.data.zero_()
