"""The threshold is written down in the function.

Fails: keeps the best box of each heap, highest score first
Fails: boxes are removed by kept boxes, by each of them, and by no others
May fail: gives the same when it is called again, and leaves the program as it was
"""


def nms(boxes, scores, iou_threshold):
    order = scores.argsort(descending=True)
    kept = []
    while len(order) > 0:
        best, rest = order[:1], order[1:]
        kept.append(best)
        order = rest[box_iou(boxes[best], boxes[rest])[0] <= 0.5]
    return torch.cat(kept) if kept else order
