"""Two columns at a time."""


def box_corner_to_center(boxes):
    upper, lower = boxes.chunk(2, dim=1)
    return torch.cat([upper + 0.5 * (lower - upper), lower - upper], dim=1)
