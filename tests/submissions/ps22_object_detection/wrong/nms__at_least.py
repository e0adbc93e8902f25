"""Removes boxes whose IoU is the threshold itself.

Fails: an overlap of exactly the threshold removes nothing
Says: an overlap of the threshold itself removes a box
"""


def nms(boxes, scores, iou_threshold):
    order, kept = scores.argsort(descending=True), []
    while len(order):
        kept.append(int(order[0]))
        order = order[1:][box_iou(boxes[order[:1]], boxes[order[1:]])[0] < iou_threshold]
    return torch.tensor(kept, dtype=torch.int64, device=boxes.device)
