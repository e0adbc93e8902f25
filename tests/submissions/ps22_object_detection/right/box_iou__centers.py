"""By the distance of the centres."""


def box_iou(boxes1, boxes2):
    a, b = box_corner_to_center(boxes1)[:, None], box_corner_to_center(boxes2)[None]
    reach = (a[..., 2:] + b[..., 2:]) / 2 - (a[..., :2] - b[..., :2]).abs()
    size = torch.minimum(torch.minimum(reach, a[..., 2:].expand_as(reach)), b[..., 2:].expand_as(reach)).clamp(min=0)
    inter = size[..., 0] * size[..., 1]
    union = a[..., 2] * a[..., 3] + b[..., 2] * b[..., 3] - inter
    return inter / union.clamp(min=torch.finfo(union.dtype).tiny)
