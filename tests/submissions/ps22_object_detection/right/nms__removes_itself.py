"""The best box is compared with all that are left, and removes itself by its IoU of 1."""


def nms(boxes, scores, iou_threshold):
    left, kept = scores.argsort(descending=True), []
    while left.numel():
        kept.append(int(left[0]))
        overlap = box_iou(boxes[left[:1]], boxes[left]).flatten()
        left = left[overlap <= iou_threshold]
    return torch.tensor(kept, dtype=torch.int64, device=boxes.device)
