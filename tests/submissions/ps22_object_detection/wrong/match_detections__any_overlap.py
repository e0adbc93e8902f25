"""Any overlap is enough.

Fails: one object is hit once, by the surest detection that overlaps it enough
Fails: with several objects each detection asks for the one it overlaps most, and for no other
May fail: the threshold is 0.5 by default
May fail: gives bool, for boxes of float32 and float64, in any memory order
May fail: leaves its inputs unchanged
May fail: gives the same when it is called again, and leaves the program as it was
May fail: is written by hand: torchvision does not do the work
"""


def match_detections(boxes, scores, objects, iou_threshold=0.5):
    hits = torch.zeros(len(boxes), dtype=torch.bool, device=boxes.device)
    if len(objects) == 0:
        return hits
    overlap, best = box_iou(boxes, objects).max(dim=1)
    found = set()
    for k in scores.argsort(descending=True).tolist():
        if overlap[k] > 0 and int(best[k]) not in found:
            hits[k] = True
            found.add(int(best[k]))
    return hits
