"""What is gone gets the score 0, in the caller's tensor.

Fails: leaves its inputs unchanged
Fails: scores may be any numbers
May fail: gives the same when it is called again, and leaves the program as it was
May fail: boxes are removed by kept boxes, by each of them, and by no others
May fail: gives int64, for boxes of float32 and float64, in any memory order
"""


def nms(boxes, scores, iou_threshold):
    kept = []
    while len(scores) and scores.max() > 0:
        best = int(scores.argmax())
        kept.append(best)
        gone = box_iou(boxes[best : best + 1], boxes)[0] > iou_threshold
        gone[best] = True
        scores[gone] = 0
    return torch.tensor(kept, dtype=torch.int64, device=boxes.device)
