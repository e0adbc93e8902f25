"""A sign times the deviation: the right variance, and two values only.

Fails: the numbers are uniform
May fail: every entry is drawn on its own
Says: only two different ones
"""


def xavier_uniform_(weight):
    n_out, n_in = weight.shape
    half_width = math.sqrt(2 / (n_in + n_out))
    with torch.no_grad():
        return weight.copy_(half_width * (2.0 * torch.randint(2, weight.shape) - 1))
