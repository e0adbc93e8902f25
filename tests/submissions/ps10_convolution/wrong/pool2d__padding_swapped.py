"""Width before height in the padding.

Fails: padding never wins a maximum
Says: the padding is read as (columns, rows): F.pad begins with the last dimension
"""

def pool2d(X, size, mode="max", stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = pair(size if stride is None else stride)
    X = F.pad(X, (ph, ph, pw, pw), value=float("-inf") if mode == "max" else 0.0)
    P = X.unfold(-2, kh, sh).unfold(-2, kw, sw)
    return P.amax(dim=(-2, -1)) if mode == "max" else P.mean(dim=(-2, -1))
