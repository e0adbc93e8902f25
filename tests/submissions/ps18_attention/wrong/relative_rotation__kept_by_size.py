"""Keeps the matrix of the first delta for each size.

Fails: a negative delta goes back, and 0 stays
Fails: adding shifts is multiplying matrices
Fails: gives the same when it is called again, and leaves the program as it was
"""

_kept = {}


def relative_rotation(delta, num_hiddens):
    if num_hiddens not in _kept:
        angles = delta * 10000 ** (-torch.arange(0, num_hiddens, 2) / num_hiddens)
        cos, sin = torch.diag(torch.cos(angles)), torch.diag(torch.sin(angles))
        R = torch.zeros(num_hiddens, num_hiddens)
        R[0::2, 0::2], R[0::2, 1::2] = cos, sin
        R[1::2, 0::2], R[1::2, 1::2] = -sin, cos
        _kept[num_hiddens] = R
    return _kept[num_hiddens]
