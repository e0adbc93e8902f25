"""No loop: of all claims on an object, in order of the scores, the first is the hit."""


def match_detections(boxes, scores, objects, iou_threshold=0.5):
    K, M = len(boxes), len(objects)
    if not K or not M:
        return torch.zeros(K, dtype=torch.bool)
    order = scores.argsort(descending=True)
    value, best = box_iou(boxes, objects)[order].max(dim=1)
    claims = nn.functional.one_hot(best, M).bool() & (value >= iou_threshold)[:, None]
    first = (claims & (claims.cumsum(0) == 1)).any(dim=1)
    hits = torch.empty_like(first)
    hits[order] = first
    return hits
