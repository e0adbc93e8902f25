"""A loop over the pairs, each for all pixels; stacked behind the pixels."""


def multibox_prior(data, sizes, ratios):
    h, w = data.shape[-2], data.shape[-1]
    i = torch.arange(h).to(data)[:, None].expand(h, w)
    j = torch.arange(w).to(data)[None, :].expand(h, w)
    x, y = (j + 0.5) / w, (i + 0.5) / h
    found = []
    for k in range(len(ratios) + len(sizes) - 1):
        s, r = (sizes[0], ratios[k]) if k < len(ratios) else (sizes[k - len(ratios) + 1], ratios[0])
        width, height = h * s * math.sqrt(r) / w, h * s / math.sqrt(r) / h
        found.append(torch.stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2], dim=-1))
    return torch.stack(found, dim=2).reshape(1, -1, 4)
