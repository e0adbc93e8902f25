"""nn.init.normal_, which is allowed."""


def xavier_normal_(weight):
    n_out, n_in = weight.shape
    return nn.init.normal_(weight, mean=0.0, std=(2.0 / (n_in + n_out)) ** 0.5)
