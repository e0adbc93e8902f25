"""The biases are left as they were.

Fails: all biases are 0
Says: the bias of linear layer 1
"""


def init_deep_(net):
    relu = any(isinstance(layer, nn.ReLU) for layer in net)
    for layer in net:
        if isinstance(layer, nn.Linear):
            (nn.init.kaiming_normal_ if relu else nn.init.xavier_normal_)(layer.weight)
    return net
