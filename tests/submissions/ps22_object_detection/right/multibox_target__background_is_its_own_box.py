"""Anchors without a box get themselves as box: all their offsets are exactly 0."""


def multibox_target(anchors, labels):
    own_anchors = anchors.squeeze(0)

    def one(label):
        objects = label[label[:, 0] != -1]
        assigned = assign_anchor_to_bbox(objects[:, 1:], own_anchors)
        has = assigned >= 0
        boxes = own_anchors.clone()
        boxes[has] = objects[assigned[has], 1:].to(boxes)
        classes = torch.zeros_like(assigned)
        classes[has] = objects[assigned[has], 0].long() + 1
        mask = has[:, None].expand(-1, 4).to(anchors.dtype)
        return (offset_boxes(own_anchors, boxes) * mask).flatten(), mask.flatten(), classes

    return tuple(torch.stack(column) for column in zip(*(one(label) for label in labels)))
