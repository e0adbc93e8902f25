"""The overlap counts twice in the union.

Fails: is intersection over union, for every pair
Fails: holds for large and small boxes alike, in pixels too
Says: counted twice in the union
"""


def box_iou(boxes1, boxes2):
    area1 = (boxes1[:, 2] - boxes1[:, 0]) * (boxes1[:, 3] - boxes1[:, 1])
    area2 = (boxes2[:, 2] - boxes2[:, 0]) * (boxes2[:, 3] - boxes2[:, 1])
    upper_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])  # (n, m, 2)
    lower_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    size = (lower_right - upper_left).clamp(min=0)
    overlap = size[:, :, 0] * size[:, :, 1]
    union = area1[:, None] + area2
    return overlap / union.masked_fill(union == 0, 1)
