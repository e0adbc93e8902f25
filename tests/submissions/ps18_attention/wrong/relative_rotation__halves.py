"""Cosines and sines in four large blocks.

Fails: moves every position forward by delta
Fails: a negative delta goes back, and 0 stays
Fails: has zeros outside its 2 × 2 blocks, and keeps all lengths
Says: is not zero outside its blocks
"""

def relative_rotation(delta, num_hiddens):
    angles = delta * 10000 ** (-torch.arange(0, num_hiddens, 2) / num_hiddens)
    cos, sin = torch.diag(torch.cos(angles)), torch.diag(torch.sin(angles))
    R = torch.zeros(num_hiddens, num_hiddens)
    h = num_hiddens // 2
    R[:h, :h], R[:h, h:], R[h:, :h], R[h:, h:] = cos, sin, -sin, cos
    return R
