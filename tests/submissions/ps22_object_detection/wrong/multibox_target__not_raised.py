"""The class is not raised by one.

Fails: classes: class + 1 for an anchor that has a box, 0 for the background
Fails: rows of class -1 are no objects, whatever their coordinates are
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
May fail: a picture without objects is background throughout
Says: the class is not raised by one
"""


def multibox_target(anchors, labels):
    anchors = anchors[0]
    offsets, masks, classes = [], [], []
    for label in labels:
        objects = label[label[:, 0] >= 0]
        assigned = assign_anchor_to_bbox(objects[:, 1:], anchors)
        positive = assigned >= 0
        own = objects[assigned[positive]]  # the object of each positive anchor
        offset = torch.zeros_like(anchors)
        offset[positive] = offset_boxes(anchors[positive], own[:, 1:])
        label_of = torch.zeros_like(assigned)
        label_of[positive] = own[:, 0].long()
        offsets.append(offset.flatten())
        masks.append(positive.repeat_interleave(4).to(anchors.dtype))
        classes.append(label_of)
    return torch.stack(offsets), torch.stack(masks), torch.stack(classes)
