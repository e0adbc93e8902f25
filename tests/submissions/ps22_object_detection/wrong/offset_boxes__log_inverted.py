"""The logarithm the wrong way round.

Fails: says how much larger the box is, as a logarithm
Fails: equals the formula for any boxes
Says: the logarithm is of anchor over box
"""


def offset_boxes(anchors, assigned_bb):
    a, b = box_corner_to_center(anchors), box_corner_to_center(assigned_bb)
    center = (b[:, :2] - a[:, :2]) / a[:, 2:] / 0.1
    size = torch.log(a[:, 2:] / b[:, 2:]) / 0.2
    return torch.cat([center, size], dim=1)
