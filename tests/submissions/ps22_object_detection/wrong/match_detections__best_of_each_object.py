"""Each object takes the detection that fits it best; scores do not count.

Fails: one object is hit once, by the surest detection that overlaps it enough
Fails: with several objects each detection asks for the one it overlaps most, and for no other
Fails: holds for float64 boxes far from 0
Fails: gives bool, for boxes of float32 and float64, in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: each object is given to the detection that fits it best
"""


def match_detections(boxes, scores, objects, iou_threshold=0.5):
    hits = torch.zeros(len(boxes), dtype=torch.bool, device=boxes.device)
    if not len(boxes) or not len(objects):
        return hits
    iou = box_iou(boxes, objects)
    for j in range(len(objects)):
        k = iou[:, j].argmax()
        if iou[k, j] >= iou_threshold:
            hits[k] = True
    return hits
