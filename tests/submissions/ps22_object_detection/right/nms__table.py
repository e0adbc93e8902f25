"""The table of all IoUs, and a mask of what is still there."""


def nms(boxes, scores, iou_threshold):
    order = torch.argsort(scores, descending=True)
    over = box_iou(boxes, boxes)[order][:, order] > iou_threshold
    alive = torch.ones(len(order), dtype=torch.bool, device=boxes.device)
    for k in range(len(order)):
        if alive[k]:
            alive[k + 1 :] &= ~over[k, k + 1 :]
    return order[alive]
