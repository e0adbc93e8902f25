"""n_in alone decides.

Fails: the variance is 2 / (n_in + n_out), the mean 0
Says: n_in alone decides
"""


def xavier_uniform_(weight):
    n_out, n_in = weight.shape
    half_width = math.sqrt(3 / n_in)
    with torch.no_grad():
        return weight.uniform_(-half_width, half_width)
