"""The parameter does not require a gradient any more.

Fails: fills the tensor that it is given and returns it; requires_grad stays as it is
Says: changes requires_grad
"""


def xavier_normal_(weight):
    n_out, n_in = weight.shape
    std = math.sqrt(2 / (n_in + n_out))
    with torch.no_grad():
        weight.requires_grad_(False).normal_(0, std)
        return weight
