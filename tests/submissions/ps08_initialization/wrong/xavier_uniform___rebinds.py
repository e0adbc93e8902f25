"""A new tensor under the old name, as in the notes. (001: param = 1)

Fails: *
Says: old numbers
"""


def xavier_uniform_(weight):
    n_out, n_in = weight.shape
    half_width = math.sqrt(6 / (n_in + n_out))
    with torch.no_grad():
        weight = torch.empty(n_out, n_in).uniform_(-half_width, half_width)
        return weight
