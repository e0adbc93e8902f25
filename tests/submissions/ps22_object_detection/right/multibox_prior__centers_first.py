"""Centre and size of each anchor, then box_center_to_corner; in float64 inside."""


def multibox_prior(data, sizes, ratios):
    h, w = data.shape[-2:]
    s = torch.tensor([sizes[0]] * len(ratios) + list(sizes[1:]), dtype=torch.float64, device=data.device)
    r = torch.tensor(list(ratios) + [ratios[0]] * (len(sizes) - 1), dtype=torch.float64, device=data.device)
    size = torch.stack([s * r.sqrt() * (h / w), s / r.sqrt()], dim=1).expand(h, w, len(s), 2)
    y = (torch.arange(h, device=data.device).double() + 0.5) / h
    x = (torch.arange(w, device=data.device).double() + 0.5) / w
    center = torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=-1)[:, :, None].expand_as(size)
    boxes = torch.cat([center, size], dim=-1).reshape(-1, 4)
    return box_center_to_corner(boxes)[None].to(data.dtype)
