"""Fills and returns nothing.

Fails: fills the tensor that it is given and returns it; requires_grad stays as it is
Says: returns nothing
"""


def xavier_uniform_(weight):
    n_out, n_in = weight.shape
    half_width = math.sqrt(6 / (n_in + n_out))
    with torch.no_grad():
        weight.uniform_(-half_width, half_width)
