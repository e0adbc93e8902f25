"""Raises the classes in the caller's labels.

Fails: leaves its inputs unchanged
May fail: gives the same when it is called again, and leaves the program as it was
"""


def multibox_target(anchors, labels):
    anchors = anchors[0]
    offsets, masks, classes = [], [], []
    for label in labels:
        objects = label[label[:, 0] >= 0]
        assigned = assign_anchor_to_bbox(objects[:, 1:], anchors)
        positive = assigned >= 0
        own = objects[assigned[positive]]  # the object of each positive anchor
        label[label[:, 0] >= 0, 0] += 1
        offset = torch.zeros_like(anchors)
        offset[positive] = offset_boxes(anchors[positive], own[:, 1:])
        label_of = torch.zeros_like(assigned)
        label_of[positive] = own[:, 0].long() + 1
        offsets.append(offset.flatten())
        masks.append(positive.repeat_interleave(4).to(anchors.dtype))
        classes.append(label_of)
    return torch.stack(offsets), torch.stack(masks), torch.stack(classes)
