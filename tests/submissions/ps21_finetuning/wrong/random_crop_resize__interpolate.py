"""Cuts out and lets F.interpolate stretch.

Fails: *
Says: calls torch.nn.functional.interpolate
"""

def random_crop_resize(X, size, scale, ratio, generator):
    if X.ndim == 4:
        return torch.stack([random_crop_resize(x, size, scale, ratio, generator) for x in X])
    h, w = X.shape[-2:]
    u = torch.rand(4, generator=generator).tolist()
    area = h * w * (scale[0] + (scale[1] - scale[0]) * u[0])
    r = ratio[0] + (ratio[1] - ratio[0]) * u[1]
    height, width = min(h, round((area / r) ** 0.5)), min(w, round((area * r) ** 0.5))
    top, left = int(u[2] * (h - height + 1)), int(u[3] * (w - width + 1))
    box = X[None, :, top : top + height, left : left + width]
    return nn.functional.interpolate(box, size, mode="bilinear", align_corners=False)[0]
