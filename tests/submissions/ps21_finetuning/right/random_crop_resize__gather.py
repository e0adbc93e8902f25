"""Bilinear interpolation from the four neighbours, by indexing."""

def random_crop_resize(X, size, scale, ratio, generator):
    single = X.dim() == 3
    if single:
        X = X.unsqueeze(0)
    n, c, h, w = X.shape
    u = torch.rand(n, 4, generator=generator).to(device=X.device, dtype=X.dtype)
    area = (scale[0] + (scale[1] - scale[0]) * u[:, 0]) * h * w
    r = ratio[0] + (ratio[1] - ratio[0]) * u[:, 1]
    bh = torch.sqrt(area / r).clamp(max=h)
    bw = torch.sqrt(area * r).clamp(max=w)
    top, left = u[:, 2] * (h - bh), u[:, 3] * (w - bw)
    i = torch.arange(size[0], device=X.device, dtype=X.dtype)
    j = torch.arange(size[1], device=X.device, dtype=X.dtype)
    y = (top[:, None] + (i + 0.5) * bh[:, None] / size[0] - 0.5).clamp(0, h - 1)
    x = (left[:, None] + (j + 0.5) * bw[:, None] / size[1] - 0.5).clamp(0, w - 1)
    y0, x0 = y.floor().long(), x.floor().long()
    y1, x1 = (y0 + 1).clamp(max=h - 1), (x0 + 1).clamp(max=w - 1)
    fy, fx = (y - y0)[:, None, :, None], (x - x0)[:, None, None, :]
    b = torch.arange(n, device=X.device)[:, None, None]

    def at(rows, columns):
        return X[b, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)

    result = (1 - fy) * ((1 - fx) * at(y0, x0) + fx * at(y0, x1)) + fy * ((1 - fx) * at(y1, x0) + fx * at(y1, x1))
    return result[0] if single else result
