"""Standard normal numbers.

Fails: ReLU: signal and gradient survive thirty layers
Fails: tanh: signal and gradient survive thirty layers
Fails: ReLU: 12 layers learn the digits, test accuracy at least 0.8
Fails: tanh: 12 layers learn the digits, test accuracy at least 0.8
May fail: layers of different widths, each by its own shape
"""


def init_deep_(net):
    relu = any(isinstance(layer, nn.ReLU) for layer in net)
    for layer in net:
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight)
            nn.init.zeros_(layer.bias)
    return net
