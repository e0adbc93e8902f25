"""int32.

Fails: *
Says: dtype int32
"""


def nms(boxes, scores, iou_threshold):
    order = scores.argsort(descending=True)
    kept = []
    while len(order) > 0:
        best, rest = order[:1], order[1:]
        kept.append(best)
        order = rest[box_iou(boxes[best], boxes[rest])[0] <= iou_threshold]
    return torch.cat(kept).to(torch.int32) if kept else order.to(torch.int32)
