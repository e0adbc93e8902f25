"""0 and 1 as integers.

Fails: *
"""


def match_detections(boxes, scores, objects, iou_threshold=0.5):
    hits = torch.zeros(len(boxes), dtype=torch.int64, device=boxes.device)
    if len(objects) == 0:
        return hits
    overlap, best = box_iou(boxes, objects).max(dim=1)
    found = set()
    for k in scores.argsort(descending=True).tolist():
        if overlap[k] >= iou_threshold and int(best[k]) not in found:
            hits[k] = True
            found.add(int(best[k]))
    return hits
