"""Numbers between 0 and the half-width.

Fails: the variance is 2 / (n_in + n_out), the mean 0
Says: on both sides of 0
"""


def xavier_uniform_(weight):
    n_out, n_in = weight.shape
    half_width = math.sqrt(6 / (n_in + n_out))
    with torch.no_grad():
        return weight.uniform_(0, half_width)
