"""Step 2 looks at what step 1 has left of the table.

Fails: step 2: anchors that overlap a box by the threshold or more get it, too
Fails: both steps together, where boxes want the same anchors
Fails: the threshold is 0.5 by default, and may be named
Fails: gives int64, for boxes of float32 and float64, in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Fails: is written by hand: torchvision does not do the work
Says: it looks at the original one
"""


def assign_anchor_to_bbox(ground_truth, anchors, iou_threshold=0.5):
    assigned = torch.full((len(anchors),), -1, dtype=torch.int64, device=anchors.device)
    m = len(ground_truth)
    if m == 0:
        return assigned
    left = box_iou(anchors, ground_truth)
    for _ in range(m):
        i, j = divmod(int(left.argmax()), m)
        assigned[i] = j
        left[i, :] = -1
        left[:, j] = -1
    best, box = left.max(dim=1)
    return torch.where((assigned < 0) & (best >= iou_threshold), box, assigned)
