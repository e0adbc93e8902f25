"""Normal numbers of the right variance.

Fails: the numbers are uniform
Says: are normal
"""


def xavier_uniform_(weight):
    n_out, n_in = weight.shape
    half_width = math.sqrt(2 / (n_in + n_out))
    with torch.no_grad():
        return weight.normal_(0, half_width)
