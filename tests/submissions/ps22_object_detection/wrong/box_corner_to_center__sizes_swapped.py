"""Height before width.

Fails: gives centre, width and height
Says: width and height are swapped
"""


def box_corner_to_center(boxes):
    x1, y1, x2, y2 = boxes.unbind(dim=-1)
    return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, y2 - y1, x2 - x1], dim=-1)
