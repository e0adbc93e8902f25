"""The factor 2 is lost.

Fails: the variance is 2 / (n_in + n_out), the mean 0
Says: the factor 2 is lost
"""


def xavier_normal_(weight):
    n_out, n_in = weight.shape
    std = math.sqrt(1 / (n_in + n_out))
    with torch.no_grad():
        return weight.normal_(0, std)
