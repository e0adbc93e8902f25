"""Step 2 wants more than the threshold.

Fails: an overlap of exactly the threshold is enough
Says: an overlap of the threshold itself is too little
"""


def assign_anchor_to_bbox(ground_truth, anchors, iou_threshold=0.5):
    assigned = torch.full((len(anchors),), -1, device=anchors.device)
    m = len(ground_truth)
    if not m:
        return assigned
    iou = box_iou(anchors, ground_truth)
    value, best = iou.max(1)
    assigned[value > iou_threshold] = best[value > iou_threshold]
    left = iou.clone()
    for _ in range(m):
        i, j = divmod(int(left.argmax()), m)
        assigned[i] = j
        left[i, :] = -1
        left[:, j] = -1
    return assigned
