"""One row, repeated.

Fails: every entry is drawn on its own
May fail: the variance is 2 / (n_in + n_out), the mean 0
May fail: the numbers are normal
"""


def xavier_normal_(weight):
    n_out, n_in = weight.shape
    std = math.sqrt(2 / (n_in + n_out))
    with torch.no_grad():
        weight.copy_(torch.empty(n_in).normal_(0, std).expand(n_out, n_in))
        return weight
