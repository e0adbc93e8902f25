"""Rounds up: what is left at the end gets a window of its own.

Fails: "max" gives the largest number of each window
Fails: "avg" gives the mean of each window
Fails: padding never wins a maximum
Fails: the mean counts the padding as zeros
Says: what is left at the end gets a window of its own; it is dropped
"""

def pool2d(X, size, mode="max", stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = pair(size if stride is None else stride)
    X = F.pad(X, (pw, pw, ph, ph), value=float("-inf") if mode == "max" else 0.0)
    eh, ew = -(X.shape[-2] - kh) % sh, -(X.shape[-1] - kw) % sw
    X = F.pad(X, (0, ew, 0, eh), value=float("-inf") if mode == "max" else 0.0)
    P = X.unfold(-2, kh, sh).unfold(-2, kw, sw)
    return P.amax(dim=(-2, -1)) if mode == "max" else P.mean(dim=(-2, -1))
