"""The upper left corner first, and the whole size from there."""


def box_center_to_corner(boxes):
    corner = boxes[:, :2] - 0.5 * boxes[:, 2:]
    return torch.hstack([corner, corner + boxes[:, 2:]])
