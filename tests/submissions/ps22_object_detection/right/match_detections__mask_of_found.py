"""A mask of the objects that were found."""


def match_detections(boxes, scores, objects, iou_threshold=0.5):
    order = torch.argsort(-scores)
    found = torch.zeros(len(objects) + 1, dtype=torch.bool)
    hits = torch.full(scores.shape, False, device=boxes.device)
    iou = box_iou(objects, boxes)
    for k in order:
        if len(objects) == 0:
            break
        j = iou[:, k].argmax()
        hits[k] = bool(iou[j, k] >= iou_threshold) and not bool(found[j])
        found[j] |= bool(hits[k])
    return hits
