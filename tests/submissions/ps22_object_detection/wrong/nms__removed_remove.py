"""Boxes that were removed remove others.

Fails: keeps the best box of each heap, highest score first
Fails: boxes are removed by kept boxes, by each of them, and by no others
May fail: gives int64, for boxes of float32 and float64, in any memory order
May fail: leaves its inputs unchanged
May fail: gives the same when it is called again, and leaves the program as it was
May fail: scores may be any numbers
May fail: is written by hand: torchvision does not do the work
Says: boxes that were removed remove others
"""


def nms(boxes, scores, iou_threshold):
    order = scores.argsort(descending=True)
    over = box_iou(boxes, boxes)[order][:, order] > iou_threshold
    return order[~over.triu(diagonal=1).any(dim=0)]
