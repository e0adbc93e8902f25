"""Every anchor gets its best box.

Fails: step 1: every box gets an anchor, the largest overlap first
Fails: step 2: anchors that overlap a box by the threshold or more get it, too
Fails: both steps together, where boxes want the same anchors
Fails: the threshold is 0.5 by default, and may be named
Fails: gives int64, for boxes of float32 and float64, in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Fails: is written by hand: torchvision does not do the work
Says: step 2 has no threshold
"""


def assign_anchor_to_bbox(ground_truth, anchors, iou_threshold=0.5):
    num_anchors, num_boxes = len(anchors), len(ground_truth)
    if num_boxes == 0:
        return torch.full((num_anchors,), -1, dtype=torch.int64, device=anchors.device)
    iou = box_iou(anchors, ground_truth)
    best, box = iou.max(dim=1)
    assigned = box.clone()
    left = iou.clone()
    for _ in range(num_boxes):  # step 1 has the last word
        i, j = divmod(int(left.argmax()), num_boxes)
        assigned[i] = j
        left[i, :] = -1
        left[:, j] = -1
    return assigned
