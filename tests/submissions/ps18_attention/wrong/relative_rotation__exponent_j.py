"""The exponent is j/d.

Fails: moves every position forward by delta
Fails: a negative delta goes back, and 0 stays
Says: the exponent of the speeds is j/d, expected is 2j/d
"""

def relative_rotation(delta, num_hiddens):
    angles = delta * 10000 ** (-torch.arange(num_hiddens // 2) / num_hiddens)
    cos, sin = torch.diag(torch.cos(angles)), torch.diag(torch.sin(angles))
    R = torch.zeros(num_hiddens, num_hiddens)
    R[0::2, 0::2], R[0::2, 1::2] = cos, sin
    R[1::2, 0::2], R[1::2, 1::2] = -sin, cos
    return R
