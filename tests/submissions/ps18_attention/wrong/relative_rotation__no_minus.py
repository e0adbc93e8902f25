"""The minus is missing.

Fails: moves every position forward by delta
Fails: a negative delta goes back, and 0 stays
Fails: has zeros outside its 2 × 2 blocks, and keeps all lengths
Fails: adding shifts is multiplying matrices
Says: as if a sum were taken where a difference belongs
"""

def relative_rotation(delta, num_hiddens):
    angles = delta * 10000 ** (-torch.arange(0, num_hiddens, 2) / num_hiddens)
    cos, sin = torch.diag(torch.cos(angles)), torch.diag(torch.sin(angles))
    R = torch.zeros(num_hiddens, num_hiddens)
    R[0::2, 0::2], R[0::2, 1::2] = cos, sin
    R[1::2, 0::2], R[1::2, 1::2] = sin, cos
    return R
