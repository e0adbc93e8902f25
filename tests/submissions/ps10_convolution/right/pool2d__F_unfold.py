"""F.unfold on planes as one-channel images."""

def pool2d(X, size, mode="max", stride=None, padding=0):
    kernel, pad = pair(size), pair(padding)
    step = kernel if stride is None else pair(stride)
    lead, (h, w) = X.shape[:-2], X.shape[-2:]
    planes = F.pad(X.reshape(-1, 1, h, w), (pad[1], pad[1], pad[0], pad[0]), value=-1e30 if mode == "max" else 0)
    cols = F.unfold(planes, kernel, stride=step)
    Y = cols.max(1)[0] if mode == "max" else cols.mean(1)
    oh, ow = [(n + 2 * p - k) // s + 1 for n, p, k, s in zip((h, w), pad, kernel, step)]
    return Y.reshape(*lead, oh, ow)
