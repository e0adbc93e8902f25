"""Fills and returns nothing.

Fails: fills the tensor that it is given and returns it; requires_grad stays as it is
Says: returns nothing
"""


def xavier_normal_(weight):
    n_out, n_in = weight.shape
    std = math.sqrt(2 / (n_in + n_out))
    with torch.no_grad():
        weight.normal_(0, std)
