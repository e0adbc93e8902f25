"""For each object the surest of the detections that ask for it."""


def match_detections(boxes, scores, objects, iou_threshold=0.5):
    hits = torch.zeros(len(boxes), dtype=torch.bool, device=boxes.device)
    if objects.shape[0] == 0 or boxes.shape[0] == 0:
        return hits
    best, which = box_iou(boxes, objects).max(dim=1)
    for j in range(len(objects)):
        asking = torch.nonzero((which == j) & (best >= iou_threshold)).flatten()
        if len(asking) > 0:
            hits[asking[scores[asking].argmax()]] = True
    return hits
