"""Xavier in front of ReLU, as the notes recommend it. (000 §1.7.2)

Fails: ReLU: signal and gradient survive thirty layers
May fail: ReLU: 12 layers learn the digits, test accuracy at least 0.8
Says: the signal of the last hidden layer
"""


def init_deep_(net):
    relu = any(isinstance(layer, nn.ReLU) for layer in net)
    for layer in net:
        if isinstance(layer, nn.Linear):
            nn.init.xavier_normal_(layer.weight)
            nn.init.zeros_(layer.bias)
    return net
