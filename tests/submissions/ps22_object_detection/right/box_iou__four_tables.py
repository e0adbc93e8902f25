"""A table for each edge, and where for the division."""


def box_iou(boxes1, boxes2):
    x1, y1, x2, y2 = boxes1.t().unsqueeze(-1)
    u1, v1, u2, v2 = boxes2.t().unsqueeze(-2)
    width = (torch.minimum(x2, u2) - torch.maximum(x1, u1)).clamp_min(0)
    height = (torch.minimum(y2, v2) - torch.maximum(y1, v1)).clamp_min(0)
    both = width * height
    either = (x2 - x1) * (y2 - y1) + (u2 - u1) * (v2 - v1) - both
    return torch.where(either > 0, both / torch.where(either > 0, either, torch.ones_like(either)), torch.zeros_like(both))
