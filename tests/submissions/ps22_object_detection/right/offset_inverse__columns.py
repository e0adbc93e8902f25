"""Column by column."""


def offset_inverse(anchors, offset_preds):
    xa, ya, wa, ha = box_corner_to_center(anchors).unbind(1)
    dx, dy, dw, dh = (offset_preds * torch.tensor([0.1, 0.1, 0.2, 0.2]).to(offset_preds)).unbind(1)
    boxes = torch.stack([xa + dx * wa, ya + dy * ha, wa * torch.exp(dw), ha * torch.exp(dh)], 1)
    return box_center_to_corner(boxes)
