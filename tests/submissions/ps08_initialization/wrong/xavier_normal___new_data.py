"""New memory under the parameter.

Fails: fills the tensor that it is given and returns it; requires_grad stays as it is
Says: new memory
"""


def xavier_normal_(weight):
    n_out, n_in = weight.shape
    std = math.sqrt(2 / (n_in + n_out))
    with torch.no_grad():
        weight.data = torch.empty(n_out, n_in, dtype=weight.dtype).normal_(0, std)
        return weight
