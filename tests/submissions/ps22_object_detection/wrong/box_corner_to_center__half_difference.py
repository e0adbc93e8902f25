"""Half the difference of the corners is taken for the centre.

Fails: gives centre, width and height
Fails: works for boxes in pixels as well
Says: half the difference of the corners
"""


def box_corner_to_center(boxes):
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    return torch.stack([(x2 - x1) / 2, (y2 - y1) / 2, x2 - x1, y2 - y1], dim=-1)
