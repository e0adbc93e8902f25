"""The variance is handed to normal_.

Fails: the variance is 2 / (n_in + n_out), the mean 0
Says: the variance is handed to normal_
"""


def xavier_normal_(weight):
    n_out, n_in = weight.shape
    std = 2 / (n_in + n_out)
    with torch.no_grad():
        return weight.normal_(0, std)
