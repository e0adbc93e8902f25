"""Sorted by their numbers at the end.

Fails: keeps the best box of each heap, highest score first
Fails: boxes are removed by kept boxes, by each of them, and by no others
May fail: gives int64, for boxes of float32 and float64, in any memory order
May fail: leaves its inputs unchanged
May fail: gives the same when it is called again, and leaves the program as it was
May fail: scores may be any numbers
May fail: is written by hand: torchvision does not do the work
Says: the kept boxes come in the order of the boxes
"""


def nms(boxes, scores, iou_threshold):
    order = scores.argsort(descending=True)
    kept = []
    while len(order) > 0:
        best, rest = order[:1], order[1:]
        kept.append(best)
        order = rest[box_iou(boxes[best], boxes[rest])[0] <= iou_threshold]
    return torch.cat(kept).sort().values if kept else order
