"""A copy is initialised.

Fails: ReLU: signal and gradient survive thirty layers
Fails: tanh: signal and gradient survive thirty layers
Fails: all biases are 0
Fails: fills the parameters that are there, and returns the net
May fail: each unit, layer and net gets numbers of its own
May fail: layers of different widths, each by its own shape
May fail: ReLU: 12 layers learn the digits, test accuracy at least 0.8
May fail: tanh: 12 layers learn the digits, test accuracy at least 0.8
"""


def init_deep_(net):
    import copy

    net = copy.deepcopy(net)
    relu = any(isinstance(layer, nn.ReLU) for layer in net)
    for layer in net:
        if isinstance(layer, nn.Linear):
            (nn.init.kaiming_normal_ if relu else nn.init.xavier_normal_)(layer.weight)
            nn.init.zeros_(layer.bias)
    return net
