"""All units of a layer are equal.

Fails: each unit, layer and net gets numbers of its own
Fails: ReLU: 12 layers learn the digits, test accuracy at least 0.8
Fails: tanh: 12 layers learn the digits, test accuracy at least 0.8
May fail: ReLU: signal and gradient survive thirty layers
May fail: tanh: signal and gradient survive thirty layers
May fail: layers of different widths, each by its own shape
Says: two units have equal weights
"""


def init_deep_(net):
    relu = any(isinstance(layer, nn.ReLU) for layer in net)
    for layer in net:
        if isinstance(layer, nn.Linear):
            nn.init.constant_(layer.weight, 1 / layer.in_features)
            nn.init.zeros_(layer.bias)
    return net
