"""Pads the maximum with zeros.

Fails: padding never wins a maximum
Says: zeros of the padding win: the padding of a maximum counts as minus infinity
"""

def pool2d(X, size, mode="max", stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = pair(size if stride is None else stride)
    X = F.pad(X, (pw, pw, ph, ph), value=0.0)
    P = X.unfold(-2, kh, sh).unfold(-2, kw, sw)
    return P.amax(dim=(-2, -1)) if mode == "max" else P.mean(dim=(-2, -1))
