"""In Python lists."""


def match_detections(boxes, scores, objects, iou_threshold=0.5):
    hits = [False] * len(boxes)
    if len(objects):
        table, taken = box_iou(boxes, objects).tolist(), [False] * len(objects)
        for k in sorted(range(len(boxes)), key=lambda k: float(scores[k]), reverse=True):
            j = max(range(len(objects)), key=table[k].__getitem__)
            if table[k][j] >= iou_threshold and not taken[j]:
                hits[k] = taken[j] = True
    return torch.tensor(hits, dtype=torch.bool, device=boxes.device)
