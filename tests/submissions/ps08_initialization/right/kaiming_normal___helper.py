"""calculate_gain and randn."""


@torch.no_grad()
def kaiming_normal_(weight, a=0.0):
    fan_in, _ = nn.init._calculate_fan_in_and_fan_out(weight)
    std = nn.init.calculate_gain("leaky_relu", a) / math.sqrt(fan_in)
    return weight.copy_(torch.randn_like(weight) * std)
