"""The threshold is written down in the function.

Fails: with several objects each detection asks for the one it overlaps most, and for no other
"""


def match_detections(boxes, scores, objects, iou_threshold=0.5):
    hits = torch.zeros(len(boxes), dtype=torch.bool, device=boxes.device)
    if len(objects) == 0:
        return hits
    overlap, best = box_iou(boxes, objects).max(dim=1)
    found = set()
    for k in scores.argsort(descending=True).tolist():
        if overlap[k] >= 0.5 and int(best[k]) not in found:
            hits[k] = True
            found.add(int(best[k]))
    return hits
