"""Always the largest share allowed.

Fails: the box has a share of the area drawn from scale
Says: all boxes of a batch take
"""

def random_crop_resize(X, size, scale, ratio, generator):
    h, w = X.shape[-2:]
    u = torch.rand(4, *X.shape[:-3], 1, generator=generator).to(X)
    area = h * w * scale[1]
    r = ratio[0] + (ratio[1] - ratio[0]) * u[1]
    height, width = (area / r).sqrt().clamp(max=h), (area * r).sqrt().clamp(max=w)

    def weights(start, length, num_in, num_out):
        place = start + (torch.arange(num_out).to(X) + 0.5) * length / num_out - 0.5
        distance = place.clamp(0, num_in - 1)[..., None] - torch.arange(num_in).to(X)
        return (1 - distance.abs()).clamp(min=0).unsqueeze(-3)

    A = weights(u[2] * (h - height), height, h, size[0])
    B = weights(u[3] * (w - width), width, w, size[1])
    return A @ X @ B.mT
