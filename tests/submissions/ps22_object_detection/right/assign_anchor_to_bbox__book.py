"""The book's function, without its parameter device: the threshold first, then each box its anchor."""


def assign_anchor_to_bbox(ground_truth, anchors, iou_threshold=0.5):
    device = anchors.device
    num_anchors, num_gt_boxes = anchors.shape[0], ground_truth.shape[0]
    anchors_bbox_map = torch.full((num_anchors,), -1, dtype=torch.long, device=device)
    if num_gt_boxes == 0:
        return anchors_bbox_map
    jaccard = box_iou(anchors, ground_truth)
    max_ious, indices = torch.max(jaccard, dim=1)
    anc_i = torch.nonzero(max_ious >= iou_threshold).reshape(-1)
    box_j = indices[max_ious >= iou_threshold]
    anchors_bbox_map[anc_i] = box_j
    col_discard = torch.full((num_anchors,), -1, device=device, dtype=jaccard.dtype)
    row_discard = torch.full((num_gt_boxes,), -1, device=device, dtype=jaccard.dtype)
    for _ in range(num_gt_boxes):
        max_idx = torch.argmax(jaccard)
        box_idx = (max_idx % num_gt_boxes).long()
        anc_idx = (max_idx / num_gt_boxes).long()
        anchors_bbox_map[anc_idx] = box_idx
        jaccard[:, box_idx] = col_discard
        jaccard[anc_idx, :] = row_discard
    return anchors_bbox_map
