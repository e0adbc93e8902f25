"""The library's IoU.

Fails: is written by hand: torchvision does not do the work
Says: calls torchvision
"""


def match_detections(boxes, scores, objects, iou_threshold=0.5):
    hits = torch.zeros(len(boxes), dtype=torch.bool, device=boxes.device)
    if len(objects) == 0:
        return hits
    import torchvision

    overlap, best = torchvision.ops.box_iou(boxes, objects).max(dim=1)
    found = set()
    for k in scores.argsort(descending=True).tolist():
        if overlap[k] >= iou_threshold and int(best[k]) not in found:
            hits[k] = True
            found.add(int(best[k]))
    return hits
