"""Pairs side by side.

Fails: *
"""


def box_iou(boxes1, boxes2):
    area = lambda b: (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
    size = (torch.minimum(boxes1[:, 2:], boxes2[:, 2:]) - torch.maximum(boxes1[:, :2], boxes2[:, :2])).clamp(min=0)
    inter = size[:, 0] * size[:, 1]
    union = area(boxes1) + area(boxes2) - inter
    return inter / union.masked_fill(union == 0, 1)
