"""Each box takes its best anchor, in the order of the boxes.

Fails: step 1: every box gets an anchor, the largest overlap first
Fails: both steps together, where boxes want the same anchors
May fail: the threshold is 0.5 by default, and may be named
May fail: gives int64, for boxes of float32 and float64, in any memory order
May fail: leaves its inputs unchanged
May fail: gives the same when it is called again, and leaves the program as it was
May fail: is written by hand: torchvision does not do the work
Says: in their own order
"""


def assign_anchor_to_bbox(ground_truth, anchors, iou_threshold=0.5):
    assigned = torch.full((len(anchors),), -1, dtype=torch.int64, device=anchors.device)
    if len(ground_truth) == 0:
        return assigned
    iou = box_iou(anchors, ground_truth)
    best, box = iou.max(dim=1)
    assigned[best >= iou_threshold] = box[best >= iou_threshold]
    for j in range(len(ground_truth)):
        assigned[iou[:, j].argmax()] = j
    return assigned
