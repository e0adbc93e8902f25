"""Knows no pairs.

Fails: moves by the stride, int or (height, width)
Fails: pads every side with zeros, int or (height, width)
"""

def conv2d(X, W, b, stride=1, padding=0):
    (sh, sw), (ph, pw) = (stride, stride), (padding, padding)
    c_out, _, kh, kw = W.shape
    P = F.pad(X, (pw, pw, ph, ph)).unfold(2, kh, sh).unfold(3, kw, sw)
    n, _, oh, ow = P.shape[:4]
    P = P.permute(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, -1)
    Y = P @ W.reshape(c_out, -1).T + b
    return Y.reshape(n, oh, ow, c_out).permute(0, 3, 1, 2)
