"""A row for each box, and minus infinity for what is struck out."""


def assign_anchor_to_bbox(ground_truth, anchors, iou_threshold=0.5):
    result = anchors.new_full((len(anchors),), -1, dtype=torch.long)
    if not len(ground_truth):
        return result
    iou = box_iou(ground_truth, anchors)
    left = iou.detach().clone()
    for _ in range(ground_truth.shape[0]):
        place = torch.argmax(left)
        box, anchor = place // len(anchors), place % len(anchors)
        result[anchor] = box
        left[box], left[:, anchor] = -math.inf, -math.inf
    value, which = iou.max(dim=0)
    more = (result == -1) & ~(value < iou_threshold)
    result[more] = which[more]
    return result
