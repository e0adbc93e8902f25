"""Pools over the channels as well.

Fails: "max" gives the largest number of each window
Says: the channels are pooled together; each one is pooled on its own
"""

def pool2d(X, size, mode="max", stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = pair(size if stride is None else stride)
    X = F.pad(X, (pw, pw, ph, ph), value=float("-inf") if mode == "max" else 0.0)
    P = X.unfold(-2, kh, sh).unfold(-2, kw, sw)
    return (P.amax(dim=(-2, -1)).amax(0, keepdim=True) if X.dim() > 2 else P.amax(dim=(-2, -1))) if mode == "max" else (P.mean(dim=(-2, -1)).mean(0, keepdim=True) if X.dim() > 2 else P.mean(dim=(-2, -1)))
