"""The root of the notes is read as the variance: its root is the deviation. (000 §1.7.2)

Fails: the variance is 2 / (n_in + n_out), the mean 0
Says: is taken for the variance
"""


def xavier_normal_(weight):
    n_out, n_in = weight.shape
    std = (2 / (n_in + n_out)) ** 0.25
    with torch.no_grad():
        return weight.normal_(0, std)
