"""Plus first.

Fails: gives the two corners
Says: plus and minus are swapped
"""


def box_center_to_corner(boxes):
    x, y, w, h = boxes.unbind(dim=-1)
    return torch.stack([x + w / 2, y + h / 2, x - w / 2, y - h / 2], dim=-1)
