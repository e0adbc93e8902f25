"""All pairs from the largest to the smallest; then a loop over the remaining anchors."""


def assign_anchor_to_bbox(ground_truth, anchors, iou_threshold=0.5):
    table = box_iou(anchors, ground_truth)
    given, taken = {}, set()
    for place in table.flatten().argsort(descending=True).tolist():
        anchor, box = divmod(place, len(ground_truth))
        if anchor not in given and box not in taken:
            given[anchor] = box
            taken.add(box)
    for anchor, row in enumerate(table.tolist()):
        if anchor not in given:
            given[anchor] = row.index(max(row)) if row and max(row) >= iou_threshold else -1
    return torch.tensor([given[anchor] for anchor in range(len(anchors))], dtype=torch.int64, device=anchors.device)
