"""Returns a copy of what it has filled.

Fails: fills the tensor that it is given and returns it; requires_grad stays as it is
Says: returns another
"""


def xavier_uniform_(weight):
    n_out, n_in = weight.shape
    half_width = math.sqrt(6 / (n_in + n_out))
    with torch.no_grad():
        return weight.uniform_(-half_width, half_width).clone()
