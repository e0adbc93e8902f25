"""The relative difference of the sizes.

Fails: says how much larger the box is, as a logarithm
Fails: equals the formula for any boxes
Fails: says how far the centre is moved, beside the size of the anchor
Says: the logarithm is left out
"""


def offset_boxes(anchors, assigned_bb):
    a, b = box_corner_to_center(anchors), box_corner_to_center(assigned_bb)
    center = (b[:, :2] - a[:, :2]) / a[:, 2:] / 0.1
    size = (b[:, 2:] / a[:, 2:]) / 0.2
    return torch.cat([center, size], dim=1)
