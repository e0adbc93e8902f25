"""With μ and σ as tensors, as the notes write it."""


def offset_boxes(anchors, assigned_bb):
    a, b = box_corner_to_center(anchors), box_corner_to_center(assigned_bb)
    raw = torch.cat([(b[:, :2] - a[:, :2]) / a[:, 2:], torch.log(b[:, 2:] / a[:, 2:])], dim=1)
    mu = torch.zeros(4).to(raw)
    sigma = torch.tensor([0.1, 0.1, 0.2, 0.2], dtype=raw.dtype, device=raw.device)
    return (raw - mu) / sigma
