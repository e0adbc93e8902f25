"""Without a graph.

Fails: gradients are right
Says: carries no graph
"""


def box_center_to_corner(boxes):
    x, y, w, h = boxes.data.unbind(dim=-1)
    return torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], dim=-1)
