"""Suppression class by class.

Fails: suppression is one for all classes; what is removed has class -1 and stands behind
Fails: both together, picture by picture
Fails: the thresholds are 0.5 and 0.009999999 by default
May fail: keeps the dtype, and takes numbers in any memory order
May fail: leaves its inputs unchanged
May fail: gives the same when it is called again, and leaves the program as it was
May fail: is written by hand: torchvision does not do the work
Says: suppressed class by class
"""


def multibox_detection(cls_probs, offset_preds, anchors, nms_threshold=0.5, pos_threshold=0.009999999):
    pictures = []
    for probs, offsets in zip(cls_probs, offset_preds):
        confidence, classes = probs[1:].max(dim=0)
        boxes = offset_inverse(anchors[0], offsets.reshape(-1, 4))
        kept = []
        for c in range(len(probs) - 1):
            rows = (classes == c).nonzero().flatten()
            kept.append(rows[nms(boxes[rows], confidence[rows], nms_threshold)])
        kept = torch.cat(kept)
        kept = kept[confidence[kept].argsort(descending=True)]
        removed = torch.ones_like(classes, dtype=torch.bool)
        removed[kept] = False
        classes[removed | (confidence < pos_threshold)] = -1
        order = torch.cat([kept, removed.nonzero().flatten()])
        rows = torch.cat([classes[:, None].to(probs.dtype), confidence[:, None], boxes], dim=1)
        pictures.append(rows[order])
    return torch.stack(pictures)
