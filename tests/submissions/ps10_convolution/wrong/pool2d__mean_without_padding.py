"""Divides the mean by the entries that are not padding.

Fails: the mean counts the padding as zeros
Says: the mean does not count the padding; here it divides by the size of the whole window
"""

def pool2d(X, size, mode="max", stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = pair(size if stride is None else stride)
    X = F.pad(X, (pw, pw, ph, ph), value=float("-inf") if mode == "max" else 0.0)
    P = X.unfold(-2, kh, sh).unfold(-2, kw, sw)
    return P.amax(dim=(-2, -1)) if mode == "max" else P.sum(dim=(-2, -1)) / F.pad(torch.ones_like(X[..., ph : X.shape[-2] - ph, pw : X.shape[-1] - pw]), (pw, pw, ph, ph)).unfold(-2, kh, sh).unfold(-2, kw, sw).sum(dim=(-2, -1))
