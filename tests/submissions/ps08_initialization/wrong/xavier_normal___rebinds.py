"""A new tensor under the old name, as in the notes. (001: param = 1)

Fails: *
Says: old numbers
"""


def xavier_normal_(weight):
    n_out, n_in = weight.shape
    std = math.sqrt(2 / (n_in + n_out))
    with torch.no_grad():
        weight = torch.empty(n_out, n_in).normal_(0, std)
        return weight
