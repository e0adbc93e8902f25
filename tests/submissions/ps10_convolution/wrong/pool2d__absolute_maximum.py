"""Takes the largest absolute value.

Fails: "max" gives the largest number of each window
Fails: a stride may differ from the size: int or (height, width)
Fails: a window may be (height, width)
Fails: without a stride, windows lie side by side
Fails: padding never wins a maximum
Says: the largest absolute value is taken; a maximum may be negative
"""

def pool2d(X, size, mode="max", stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = pair(size if stride is None else stride)
    X = F.pad(X, (pw, pw, ph, ph), value=float("-inf") if mode == "max" else 0.0)
    P = X.unfold(-2, kh, sh).unfold(-2, kw, sw)
    return P.abs().amax(dim=(-2, -1)) if mode == "max" else P.mean(dim=(-2, -1))
