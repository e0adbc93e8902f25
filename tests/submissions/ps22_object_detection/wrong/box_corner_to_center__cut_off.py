"""Cut off at 0 and 1 first.

Fails: gives centre, width and height
Fails: works for boxes in pixels as well
"""


def box_corner_to_center(boxes):
    x1, y1, x2, y2 = boxes.clamp(0, 1).unbind(dim=-1)
    return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1], dim=-1)
