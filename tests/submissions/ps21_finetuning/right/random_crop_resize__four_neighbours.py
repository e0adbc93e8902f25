"""The four neighbours of each place, the logarithm of the ratio drawn uniformly."""

import math

def random_crop_resize(X, size, scale, ratio, generator):
    single = X.dim() == 3
    if single:
        X = X[None]
    n, c, h, w = X.shape
    rows, cols = size
    def rand():
        return torch.rand(n, generator=generator, dtype=torch.float64).to(X.device)
    s = scale[0] + rand() * (scale[1] - scale[0])
    log_r = math.log(ratio[0]) + rand() * (math.log(ratio[1]) - math.log(ratio[0]))
    r = torch.exp(log_r)
    bh = torch.clamp(torch.sqrt(s * h * w / r), max=h)
    bw = torch.clamp(torch.sqrt(s * h * w * r), max=w)
    top = rand() * (h - bh)
    left = rand() * (w - bw)
    i = torch.arange(rows, device=X.device)
    j = torch.arange(cols, device=X.device)
    y = top[:, None] + (i + 0.5) * (bh / rows)[:, None] - 0.5
    x = left[:, None] + (j + 0.5) * (bw / cols)[:, None] - 0.5
    y = y.clamp(0, h - 1)
    x = x.clamp(0, w - 1)
    # neighbours
    y0 = y.floor().long()
    x0 = x.floor().long()
    y1 = (y0 + 1).clamp(max=h - 1)
    x1 = (x0 + 1).clamp(max=w - 1)
    fy = (y - y0).to(X.dtype)[:, None, :, None]
    fx = (x - x0).to(X.dtype)[:, None, None, :]
    b = torch.arange(n, device=X.device)[:, None, None]
    def at(yy, xx):
        return X.permute(0, 2, 3, 1)[b, yy[:, :, None], xx[:, None, :]].permute(0, 3, 1, 2)
    out = (1 - fy) * (1 - fx) * at(y0, x0) + (1 - fy) * fx * at(y0, x1) + fy * (1 - fx) * at(y1, x0) + fy * fx * at(y1, x1)
    return out[0] if single else out
