"""Cut off at 0 and 1.

Fails: gives the two corners
Fails: works for boxes in pixels as well
"""


def box_center_to_corner(boxes):
    x, y, w, h = boxes.unbind(dim=-1)
    return torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=-1).clamp(0, 1)
