"""Without a stride, moves by one.

Fails: without a stride, windows lie side by side
Says: the stride is 1 where none is given; it is the size of the window
"""

def pool2d(X, size, mode="max", stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = pair(1 if stride is None else stride)
    X = F.pad(X, (pw, pw, ph, ph), value=float("-inf") if mode == "max" else 0.0)
    P = X.unfold(-2, kh, sh).unfold(-2, kw, sw)
    return P.amax(dim=(-2, -1)) if mode == "max" else P.mean(dim=(-2, -1))
