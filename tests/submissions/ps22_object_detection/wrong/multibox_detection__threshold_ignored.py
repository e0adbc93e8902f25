"""pos_threshold is ignored.

Fails: below pos_threshold the class is -1
Fails: both together, picture by picture
Fails: the thresholds are 0.5 and 0.009999999 by default
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
May fail: is written by hand: torchvision does not do the work
Says: pos_threshold is ignored
"""


def multibox_detection(cls_probs, offset_preds, anchors, nms_threshold=0.5, pos_threshold=0.009999999):
    pictures = []
    for probs, offsets in zip(cls_probs, offset_preds):
        confidence, classes = probs[1:].max(dim=0)
        boxes = offset_inverse(anchors[0], offsets.reshape(-1, 4))
        kept = nms(boxes, confidence, nms_threshold)
        removed = torch.ones_like(classes, dtype=torch.bool)
        removed[kept] = False
        classes[removed] = -1
        order = torch.cat([kept, removed.nonzero().flatten()])
        rows = torch.cat([classes[:, None].to(probs.dtype), confidence[:, None], boxes], dim=1)
        pictures.append(rows[order])
    return torch.stack(pictures)
