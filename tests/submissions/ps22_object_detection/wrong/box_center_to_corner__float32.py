"""float32 whatever comes in.

Fails: keeps the dtype, and takes numbers in any memory order
May fail: gradients are right
Says: dtype float32
"""


def box_center_to_corner(boxes):
    x, y, w, h = boxes.float().unbind(dim=-1)
    return torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=-1)
