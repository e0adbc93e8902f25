"""Uniform numbers of the right variance.

Fails: the numbers are normal
Says: are uniform
"""


def xavier_normal_(weight):
    n_out, n_in = weight.shape
    std = math.sqrt(6 / (n_in + n_out))
    with torch.no_grad():
        return weight.uniform_(-std, std)
