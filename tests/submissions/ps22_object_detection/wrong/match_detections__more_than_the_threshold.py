"""Wants more than the threshold.

Fails: an overlap of exactly the threshold is enough
Says: an overlap of the threshold itself is too little
"""


def match_detections(boxes, scores, objects, iou_threshold=0.5):
    hits = torch.zeros(len(boxes), dtype=torch.bool, device=boxes.device)
    if not len(boxes) or not len(objects):
        return hits
    value, best = box_iou(boxes, objects).max(1)
    found = set()
    for k in scores.argsort(descending=True).tolist():
        if value[k] > iou_threshold and int(best[k]) not in found:
            hits[k] = True
            found.add(int(best[k]))
    return hits
