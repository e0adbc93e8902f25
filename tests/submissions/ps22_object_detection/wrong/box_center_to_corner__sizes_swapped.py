"""Half the height to the left and right.

Fails: gives the two corners
Says: width and height are swapped
"""


def box_center_to_corner(boxes):
    x, y, w, h = boxes.unbind(dim=-1)
    return torch.stack([x - h / 2, y - w / 2, x + h / 2, y + w / 2], dim=-1)
