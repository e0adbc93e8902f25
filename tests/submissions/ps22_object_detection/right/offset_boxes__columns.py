"""Column by column, from the corners."""


def offset_boxes(anchors, assigned_bb):
    a1, b1, a2, b2 = anchors.T
    x1, y1, x2, y2 = assigned_bb.T
    wa, ha = a2 - a1, b2 - b1
    dx = (x1 + x2 - a1 - a2) / (2 * wa) / 0.1
    dy = (y1 + y2 - b1 - b2) / (2 * ha) / 0.1
    dw = ((x2 - x1).log() - wa.log()) / 0.2
    dh = ((y2 - y1).log() - ha.log()) / 0.2
    return torch.stack([dx, dy, dw, dh], dim=1)
