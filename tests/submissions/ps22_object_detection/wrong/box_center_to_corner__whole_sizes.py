"""The whole width and height.

Fails: gives the two corners
Says: from the centre to a corner it is half of them
"""


def box_center_to_corner(boxes):
    x, y, w, h = boxes.unbind(dim=-1)
    return torch.stack([x - w, y - h, x + w, y + h], dim=-1)
