"""Orthogonal matrices, times √2 for ReLU."""


def init_deep_(net):
    relu = any(isinstance(layer, nn.ReLU) for layer in net)
    for layer in net:
        if isinstance(layer, nn.Linear):
            nn.init.orthogonal_(layer.weight, gain=math.sqrt(2) if relu else 1.0)
            nn.init.constant_(layer.bias, 0.0)
    return net
