"""Takes the largest absolute value.

Fails: "max" gives the largest number of each window
Fails: without a stride, windows lie side by side
Fails: a stride may differ from the size: int or (height, width)
Fails: a window may be (height, width)
Fails: padding never wins a maximum
Fails: every channel and every sample is pooled on its own
Fails: gradients flow back to X
"""

def pool2d(X, size, mode="max", stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = pair(size if stride is None else stride)
    X = F.pad(X, (pw, pw, ph, ph), value=float("-inf") if mode == "max" else 0.0)
    P = X.unfold(-2, kh, sh).unfold(-2, kw, sw)
    return P.abs().amax(dim=(-2, -1)) if mode == "max" else P.mean(dim=(-2, -1))
