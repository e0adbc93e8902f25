"""What is gone gets the score -1, in a copy.

Fails: scores may be any numbers
"""


def nms(boxes, scores, iou_threshold):
    scores, kept = scores.clone(), []
    while len(scores) and scores.max() > -1:
        best = int(scores.argmax())
        kept.append(best)
        gone = box_iou(boxes[best : best + 1], boxes)[0] > iou_threshold
        gone[best] = True
        scores[gone] = -1
    return torch.tensor(kept, dtype=torch.int64, device=boxes.device)
