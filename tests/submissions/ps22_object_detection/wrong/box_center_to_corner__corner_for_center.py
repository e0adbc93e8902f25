"""The centre is taken for the upper left corner.

Fails: gives the two corners
Says: taken for the upper left corner
"""


def box_center_to_corner(boxes):
    x, y, w, h = boxes.unbind(dim=-1)
    return torch.stack([x, y, x + w, y + h], dim=-1)
