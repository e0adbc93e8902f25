"""Not thought of: no object.

Fails: no object: all are misses; no detection: no hits
"""


def match_detections(boxes, scores, objects, iou_threshold=0.5):
    hits = torch.zeros(len(boxes), dtype=torch.bool, device=boxes.device)
    overlap, best = box_iou(boxes, objects).max(dim=1)
    found = set()
    for k in scores.argsort(descending=True).tolist():
        if overlap[k] >= iou_threshold and int(best[k]) not in found:
            hits[k] = True
            found.add(int(best[k]))
    return hits
