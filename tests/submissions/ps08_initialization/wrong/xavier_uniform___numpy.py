"""NumPy's random numbers.

Fails: torch.manual_seed decides the numbers, and each call draws new ones
"""


def xavier_uniform_(weight):
    n_out, n_in = weight.shape
    half_width = math.sqrt(6 / (n_in + n_out))
    with torch.no_grad():
        import numpy
        weight.copy_(torch.from_numpy(numpy.random.uniform(-half_width, half_width, (n_out, n_in))))
        return weight
