"""float32 whatever comes in.

Fails: keeps the dtype, and takes numbers in any memory order
Fails: holds for large and small boxes alike, in pixels too
Says: dtype float32
"""


def box_iou(boxes1, boxes2):
    boxes1, boxes2 = boxes1.float(), boxes2.float()
    area1 = (boxes1[:, 2] - boxes1[:, 0]) * (boxes1[:, 3] - boxes1[:, 1])
    area2 = (boxes2[:, 2] - boxes2[:, 0]) * (boxes2[:, 3] - boxes2[:, 1])
    upper_left = torch.maximum(boxes1[:, None, :2], boxes2[:, :2])  # (n, m, 2)
    lower_right = torch.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    size = (lower_right - upper_left).clamp(min=0)
    overlap = size[:, :, 0] * size[:, :, 1]
    union = area1[:, None] + area2 - overlap
    return overlap / union.masked_fill(union == 0, 1)
