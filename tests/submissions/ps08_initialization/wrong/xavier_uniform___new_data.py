"""New memory under the parameter.

Fails: fills the tensor that it is given and returns it; requires_grad stays as it is
Says: new memory
"""


def xavier_uniform_(weight):
    n_out, n_in = weight.shape
    half_width = math.sqrt(6 / (n_in + n_out))
    with torch.no_grad():
        weight.data = torch.empty(n_out, n_in, dtype=weight.dtype).uniform_(-half_width, half_width)
        return weight
