"""An anchor may serve two boxes.

Fails: step 1: every box gets an anchor, the largest overlap first
Fails: both steps together, where boxes want the same anchors
May fail: the threshold is 0.5 by default, and may be named
May fail: gives int64, for boxes of float32 and float64, in any memory order
May fail: leaves its inputs unchanged
May fail: gives the same when it is called again, and leaves the program as it was
May fail: is written by hand: torchvision does not do the work
Says: strike out its row
"""


def assign_anchor_to_bbox(ground_truth, anchors, iou_threshold=0.5):
    num_anchors, num_boxes = len(anchors), len(ground_truth)
    if num_boxes == 0:
        return torch.full((num_anchors,), -1, dtype=torch.int64, device=anchors.device)
    iou = box_iou(anchors, ground_truth)
    best, box = iou.max(dim=1)
    assigned = torch.where(best >= iou_threshold, box, -1)  # step 2, for all anchors
    left = iou.clone()
    for _ in range(num_boxes):  # step 1 has the last word
        i, j = divmod(int(left.argmax()), num_boxes)
        assigned[i] = j
        left[:, j] = -1
    return assigned
