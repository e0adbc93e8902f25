"""Boxes rounded to whole pixels, as torchvision has them."""

def random_crop_resize(X, size, scale, ratio, generator):
    h, w = X.shape[-2:]
    u = torch.rand(4, *X.shape[:-3], 1, generator=generator).to(X)
    area = h * w * (scale[0] + (scale[1] - scale[0]) * u[0])
    r = ratio[0] + (ratio[1] - ratio[0]) * u[1]
    height, width = (area / r).sqrt().round().clamp(1, h), (area * r).sqrt().round().clamp(1, w)
    top = torch.floor(u[2] * (h - height + 1)).clamp(max=h - 1)
    left = torch.floor(u[3] * (w - width + 1)).clamp(max=w - 1)

    def matrix(start, length, num_in, num_out):
        place = (torch.arange(num_out).to(X) + 0.5) * length / num_out - 0.5
        place = start + torch.minimum(place.clamp(min=0), length - 1)
        return (1 - (place.unsqueeze(-1) - torch.arange(num_in).to(X)).abs()).clamp(min=0)

    A, B = matrix(top, height, h, size[0]), matrix(left, width, w, size[1])
    return torch.matmul(torch.matmul(A[..., None, :, :], X), B[..., None, :, :].transpose(-1, -2))
