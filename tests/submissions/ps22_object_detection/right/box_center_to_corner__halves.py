"""Two columns at a time."""


def box_center_to_corner(boxes):
    center, half = boxes[..., :2], boxes[..., 2:] / 2
    return torch.cat((center - half, center + half), -1)
