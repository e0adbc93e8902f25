"""Replaces the negative numbers of X on the way.

Fails: X is left as it was
"""

def pool2d(X, size, mode="max", stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = pair(size if stride is None else stride)
    original = X
    X = F.pad(X, (pw, pw, ph, ph), value=float("-inf") if mode == "max" else 0.0)
    P = X.unfold(-2, kh, sh).unfold(-2, kw, sw)
    Y = P.amax(dim=(-2, -1)) if mode == "max" else P.mean(dim=(-2, -1))
    original.data.clamp_(min=0)
    return Y
