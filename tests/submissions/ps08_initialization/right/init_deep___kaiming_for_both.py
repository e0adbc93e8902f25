"""Kaiming for both, uniform, by a function for apply."""


def init_deep_(net):
    def init(module):
        if type(module) is nn.Linear:
            nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")
            nn.init.zeros_(module.bias)

    return net.apply(init)
