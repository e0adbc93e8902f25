"""The variance is handed to normal_.

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
            nn.init.normal_(layer.weight, std=(2 if relu else 1) / layer.in_features)
            nn.init.zeros_(layer.bias)
    return net
