"""The shift is not scaled by the anchor.

Fails: gives the corners of the box that the offsets lead to
Fails: undoes offset_boxes
Says: not multiplied by the size of the anchor
"""


def offset_inverse(anchors, offset_preds):
    a = box_corner_to_center(anchors)
    center = a[:, :2] + 0.1 * offset_preds[:, :2]
    size = a[:, 2:] * torch.exp(0.2 * offset_preds[:, 2:])
    return box_center_to_corner(torch.cat([center, size], dim=1))
