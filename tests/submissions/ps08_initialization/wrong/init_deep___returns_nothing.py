"""Returns nothing.

Fails: fills the parameters that are there, and returns the net
May fail: ReLU: 12 layers learn the digits, test accuracy at least 0.8
May fail: tanh: 12 layers learn the digits, test accuracy at least 0.8
Says: returns nothing
"""


def init_deep_(net):
    relu = any(isinstance(layer, nn.ReLU) for layer in net)
    for layer in net:
        if isinstance(layer, nn.Linear):
            (nn.init.kaiming_normal_ if relu else nn.init.xavier_normal_)(layer.weight)
            nn.init.zeros_(layer.bias)
    return None
