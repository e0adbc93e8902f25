"""One row, repeated.

Fails: every entry is drawn on its own
May fail: the variance is 2 / (n_in + n_out), the mean 0
May fail: the numbers are uniform
"""


def xavier_uniform_(weight):
    n_out, n_in = weight.shape
    half_width = math.sqrt(6 / (n_in + n_out))
    with torch.no_grad():
        weight.copy_(torch.empty(n_in).uniform_(-half_width, half_width).expand(n_out, n_in))
        return weight
