"""Cut off at two standard deviations.

Fails: the variance is 2 / (n_in + n_out), the mean 0
Fails: the numbers are normal
"""


def xavier_normal_(weight):
    n_out, n_in = weight.shape
    std = math.sqrt(2 / (n_in + n_out))
    with torch.no_grad():
        return weight.normal_(0, std).clamp_(-2 * std, 2 * std)
