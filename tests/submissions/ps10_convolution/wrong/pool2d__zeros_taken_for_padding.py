"""Every 0 counts as padding, those of the image too.

Fails: padding never wins a maximum
"""

def pool2d(X, size, mode="max", stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = pair(size if stride is None else stride)
    X = F.pad(X, (pw, pw, ph, ph), value=0.0 if mode == "max" else 0.0)
    X = X.masked_fill(X == 0, float("-inf")) if mode == "max" and (ph or pw) else X
    P = X.unfold(-2, kh, sh).unfold(-2, kw, sw)
    return P.amax(dim=(-2, -1)) if mode == "max" else P.mean(dim=(-2, -1))
