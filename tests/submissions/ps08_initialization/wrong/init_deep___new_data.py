"""New memory under the parameters.

Fails: fills the parameters that are there, and returns the net
Says: new memory
"""


def init_deep_(net):
    relu = any(isinstance(layer, nn.ReLU) for layer in net)
    for layer in net:
        if isinstance(layer, nn.Linear):
            W = torch.empty_like(layer.weight)
            layer.weight.data = (nn.init.kaiming_normal_ if relu else nn.init.xavier_normal_)(W).detach()
            nn.init.zeros_(layer.bias)
    return net
