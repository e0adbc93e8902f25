"""Filled anchor by anchor."""


def multibox_target(anchors, labels):
    n, num_anchors = len(labels), anchors.shape[1]
    offsets = torch.zeros(n, num_anchors, 4).to(anchors)
    masks = torch.zeros_like(offsets)
    classes = torch.zeros(n, num_anchors, dtype=torch.int64, device=anchors.device)
    for i in range(n):
        objects = torch.stack([row for row in labels[i] if row[0] >= 0] or [labels.new_zeros(5)])
        if (labels[i, :, 0] < 0).all():
            continue
        for a, j in enumerate(assign_anchor_to_bbox(objects[:, 1:], anchors[0]).tolist()):
            if j >= 0:
                offsets[i, a] = offset_boxes(anchors[0, a : a + 1], objects[j : j + 1, 1:])[0]
                masks[i, a] = 1
                classes[i, a] = int(objects[j, 0]) + 1
    return offsets.flatten(1), masks.flatten(1), classes
