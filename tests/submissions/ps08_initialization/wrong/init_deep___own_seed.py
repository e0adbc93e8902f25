"""One seed for all layers: layers of one shape are equal.

Fails: each unit, layer and net gets numbers of its own
May fail: ReLU: signal and gradient survive thirty layers
May fail: tanh: signal and gradient survive thirty layers
May fail: layers of different widths, each by its own shape
May fail: ReLU: 12 layers learn the digits, test accuracy at least 0.8
May fail: tanh: 12 layers learn the digits, test accuracy at least 0.8
"""


def init_deep_(net):
    relu = any(isinstance(layer, nn.ReLU) for layer in net)
    for layer in net:
        if isinstance(layer, nn.Linear):
            torch.manual_seed(0)
            (nn.init.kaiming_normal_ if relu else nn.init.xavier_normal_)(layer.weight)
            nn.init.zeros_(layer.bias)
    return net
