"""Each box in its turn is compared with all that are kept."""


def nms(boxes, scores, iou_threshold):
    kept = []
    for k in sorted(range(len(boxes)), key=lambda k: -float(scores[k])):
        if all(box_iou(boxes[k : k + 1], boxes[j : j + 1]).item() <= iou_threshold for j in kept):
            kept.append(k)
    return torch.tensor(kept, dtype=torch.long, device=boxes.device)
