"""Elementwise maximum or sum of shifted, strided images."""

def pool2d(X, size, mode="max", stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = pair(size) if stride is None else pair(stride)
    X = F.pad(X, (pw, pw, ph, ph), value=-float("inf") if mode == "max" else 0.0)
    oh, ow = (X.shape[-2] - kh) // sh + 1, (X.shape[-1] - kw) // sw + 1
    Y = None
    for i in range(kh):
        for j in range(kw):
            part = X[..., i : i + (oh - 1) * sh + 1 : sh, j : j + (ow - 1) * sw + 1 : sw]
            if Y is None:
                Y = part
            else:
                Y = torch.maximum(Y, part) if mode == "max" else Y + part
    return Y if mode == "max" else Y / (kh * kw)
