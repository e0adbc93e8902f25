"""The library's IoU.

Fails: is written by hand: torchvision does not do the work
Says: calls torchvision
"""


def assign_anchor_to_bbox(ground_truth, anchors, iou_threshold=0.5):
    num_anchors, num_boxes = len(anchors), len(ground_truth)
    if num_boxes == 0:
        return torch.full((num_anchors,), -1, dtype=torch.int64, device=anchors.device)
    from torchvision.ops import box_iou

    iou = box_iou(anchors, ground_truth)
    best, box = iou.max(dim=1)
    assigned = torch.where(best >= iou_threshold, box, -1)  # step 2, for all anchors
    left = iou.clone()
    for _ in range(num_boxes):  # step 1 has the last word
        i, j = divmod(int(left.argmax()), num_boxes)
        assigned[i] = j
        left[i, :] = -1
        left[:, j] = -1
    return assigned
