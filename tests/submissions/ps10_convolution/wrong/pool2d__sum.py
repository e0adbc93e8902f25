"""Sums where it should average.

Fails: "avg" gives the mean of each window
Fails: a stride may differ from the size: int or (height, width)
Fails: a window may be (height, width)
Fails: without a stride, windows lie side by side
Fails: every channel and every sample is pooled on its own
Says: the sum of each window is taken where its mean belongs
"""

def pool2d(X, size, mode="max", stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = pair(size if stride is None else stride)
    X = F.pad(X, (pw, pw, ph, ph), value=float("-inf") if mode == "max" else 0.0)
    P = X.unfold(-2, kh, sh).unfold(-2, kw, sw)
    return P.amax(dim=(-2, -1)) if mode == "max" else P.sum(dim=(-2, -1))
