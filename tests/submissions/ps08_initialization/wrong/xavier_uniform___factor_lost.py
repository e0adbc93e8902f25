"""The factor 2 is lost.

Fails: the variance is 2 / (n_in + n_out), the mean 0
Says: the factor 2 is lost
"""


def xavier_uniform_(weight):
    n_out, n_in = weight.shape
    half_width = math.sqrt(3 / (n_in + n_out))
    with torch.no_grad():
        return weight.uniform_(-half_width, half_width)
