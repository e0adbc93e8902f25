"""One plane after the other; flatten and max(dim)."""

def pool2d(X, size, mode="max", stride=None, padding=0):
    (kh, kw), (ph, pw) = pair(size), pair(padding)
    sh, sw = (kh, kw) if stride is None else pair(stride)
    planes = X.reshape(-1, X.shape[-2], X.shape[-1])
    out = []
    for plane in planes:
        fill = torch.finfo(X.dtype).min if mode == "max" else 0
        padded = F.pad(plane, (pw, pw, ph, ph), "constant", fill)
        windows = padded.unfold(0, kh, sh).unfold(1, kw, sw).flatten(2)
        out.append(windows.max(dim=2).values if mode == "max" else windows.sum(dim=2) / (kh * kw))
    out = torch.stack(out)
    return out.reshape(*X.shape[:-2], *out.shape[1:])
