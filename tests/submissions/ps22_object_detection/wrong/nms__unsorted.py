"""The boxes are taken in their own order.

Fails: keeps the best box of each heap, highest score first
Fails: boxes are removed by kept boxes, by each of them, and by no others
Fails: scores may be any numbers
Fails: gives int64, for boxes of float32 and float64, in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Fails: is written by hand: torchvision does not do the work
Says: in their own order, whatever their scores
"""


def nms(boxes, scores, iou_threshold):
    order = torch.arange(len(scores), device=boxes.device)
    kept = []
    while len(order) > 0:
        best, rest = order[:1], order[1:]
        kept.append(best)
        order = rest[box_iou(boxes[best], boxes[rest])[0] <= iou_threshold]
    return torch.cat(kept) if kept else order
