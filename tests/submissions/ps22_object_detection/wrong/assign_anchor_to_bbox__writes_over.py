"""The threshold comes last and writes over step 1.

Fails: both steps together, where boxes want the same anchors
May fail: the threshold is 0.5 by default, and may be named
May fail: gives int64, for boxes of float32 and float64, in any memory order
May fail: leaves its inputs unchanged
May fail: gives the same when it is called again, and leaves the program as it was
May fail: is written by hand: torchvision does not do the work
Says: writes over what step 1 has given
"""


def assign_anchor_to_bbox(ground_truth, anchors, iou_threshold=0.5):
    assigned = torch.full((len(anchors),), -1, dtype=torch.int64, device=anchors.device)
    m = len(ground_truth)
    if m == 0:
        return assigned
    iou = box_iou(anchors, ground_truth)
    left = iou.clone()
    for _ in range(m):
        i, j = divmod(int(left.argmax()), m)
        assigned[i] = j
        left[i, :] = -1
        left[:, j] = -1
    best, box = iou.max(dim=1)
    return torch.where(best >= iou_threshold, box, assigned)
