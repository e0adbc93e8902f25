"""Compared with the last kept box only.

Fails: keeps the best box of each heap, highest score first
Fails: boxes are removed by kept boxes, by each of them, and by no others
May fail: gives int64, for boxes of float32 and float64, in any memory order
May fail: leaves its inputs unchanged
May fail: gives the same when it is called again, and leaves the program as it was
May fail: scores may be any numbers
May fail: is written by hand: torchvision does not do the work
Says: compared with the last kept one only
"""


def nms(boxes, scores, iou_threshold):
    kept = []
    for k in scores.argsort(descending=True).tolist():
        if not kept or box_iou(boxes[kept[-1:]], boxes[k : k + 1]).item() <= iou_threshold:
            kept.append(k)
    return torch.tensor(kept, dtype=torch.int64, device=boxes.device)
