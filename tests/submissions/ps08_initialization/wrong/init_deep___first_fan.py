"""The first layer's fan for all.

Fails: ReLU: signal and gradient survive thirty layers
"""


def init_deep_(net):
    relu = any(isinstance(layer, nn.ReLU) for layer in net)
    for layer in net:
        if isinstance(layer, nn.Linear):
            n_in = net[0].in_features
            nn.init.normal_(layer.weight, std=math.sqrt((2 if relu else 1) / n_in))
            nn.init.zeros_(layer.bias)
    return net
