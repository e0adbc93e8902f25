"""Standard deviation 0.01.

Fails: ReLU: signal and gradient survive thirty layers
Fails: tanh: signal and gradient survive thirty layers
Fails: layers of different widths, each by its own shape
Fails: ReLU: 12 layers learn the digits, test accuracy at least 0.8
Fails: tanh: 12 layers learn the digits, test accuracy at least 0.8
"""


def init_deep_(net):
    relu = any(isinstance(layer, nn.ReLU) for layer in net)
    for layer in net:
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=0.01)
            nn.init.zeros_(layer.bias)
    return net
