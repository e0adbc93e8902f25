"""float32 whatever comes in.

Fails: keeps the dtype, and takes numbers in any memory order
May fail: gradients are right
Says: dtype float32
"""


def box_corner_to_center(boxes):
    x1, y1, x2, y2 = boxes.float().unbind(dim=-1)
    return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1], dim=-1)
