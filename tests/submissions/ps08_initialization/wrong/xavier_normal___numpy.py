"""NumPy's random numbers.

Fails: torch.manual_seed decides the numbers, and each call draws new ones
"""


def xavier_normal_(weight):
    n_out, n_in = weight.shape
    std = math.sqrt(2 / (n_in + n_out))
    with torch.no_grad():
        import numpy
        weight.copy_(torch.from_numpy(numpy.random.normal(0, std, (n_out, n_in))))
        return weight
