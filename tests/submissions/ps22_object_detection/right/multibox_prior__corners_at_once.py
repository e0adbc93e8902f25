"""Half sizes of all pairs, and the centres by repeat."""


def multibox_prior(data, sizes, ratios):
    height, width = data.shape[2:]
    first = [(sizes[0], ratio) for ratio in ratios]
    others = [(size, ratios[0]) for size in sizes[1:]]
    half = []
    for size, ratio in first + others:
        w, h = size * ratio**0.5 * height / width / 2, size / ratio**0.5 / 2
        half.append([-w, -h, w, h])
    half = torch.tensor(half, dtype=data.dtype, device=data.device)
    xs = (torch.arange(width, device=data.device, dtype=data.dtype) + 0.5) / width
    ys = (torch.arange(height, device=data.device, dtype=data.dtype) + 0.5) / height
    x, y = xs.repeat(height), ys.repeat_interleave(width)
    centers = torch.stack([x, y, x, y], dim=1)
    return (centers[:, None, :] + half[None, :, :]).reshape(1, height * width * len(half), 4)
