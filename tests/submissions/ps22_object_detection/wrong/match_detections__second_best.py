"""The second-best object where the best is taken.

Fails: with several objects each detection asks for the one it overlaps most, and for no other
May fail: the threshold is 0.5 by default
May fail: gives bool, for boxes of float32 and float64, in any memory order
May fail: leaves its inputs unchanged
May fail: gives the same when it is called again, and leaves the program as it was
May fail: is written by hand: torchvision does not do the work
Says: gets its second-best one
"""


def match_detections(boxes, scores, objects, iou_threshold=0.5):
    hits = torch.zeros(len(boxes), dtype=torch.bool, device=boxes.device)
    if len(objects) == 0:
        return hits
    iou = box_iou(boxes, objects)
    for k in scores.argsort(descending=True).tolist():
        j = int(iou[k].argmax())
        if iou[k, j] >= iou_threshold:
            hits[k] = True
            iou[:, j] = -1
    return hits
