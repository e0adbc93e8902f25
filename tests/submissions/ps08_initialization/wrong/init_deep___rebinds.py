"""New parameters.

Fails: fills the parameters that are there, and returns the net
Says: other parameters
"""


def init_deep_(net):
    relu = any(isinstance(layer, nn.ReLU) for layer in net)
    for layer in net:
        if isinstance(layer, nn.Linear):
            W = torch.empty_like(layer.weight)
            layer.weight = nn.Parameter(nn.init.kaiming_normal_(W) if relu else nn.init.xavier_normal_(W))
            layer.bias = nn.Parameter(torch.zeros_like(layer.bias))
    return net
