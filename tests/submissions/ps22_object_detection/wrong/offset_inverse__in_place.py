"""Writes into the offsets.

Fails: leaves its inputs unchanged
May fail: gradients are right
Says: offset_preds was changed
"""


def offset_inverse(anchors, offset_preds):
    with torch.no_grad():
        offset_preds[:, :2] *= 0.1
    a = box_corner_to_center(anchors)
    center = a[:, :2] + offset_preds[:, :2] * a[:, 2:]
    size = a[:, 2:] * torch.exp(0.2 * offset_preds[:, 2:])
    return box_center_to_corner(torch.cat([center, size], dim=1))
