"""float32 whatever comes in.

Fails: keeps the dtype, and takes numbers in any memory order
Fails: holds for float64 boxes far from 0
"""


def multibox_detection(cls_probs, offset_preds, anchors, nms_threshold=0.5, pos_threshold=0.009999999):
    pictures = []
    for probs, offsets in zip(cls_probs, offset_preds):
        confidence, classes = probs[1:].max(dim=0)
        boxes = offset_inverse(anchors[0], offsets.reshape(-1, 4))
        kept = nms(boxes, confidence, nms_threshold)
        removed = torch.ones_like(classes, dtype=torch.bool)
        removed[kept] = False
        classes[removed | (confidence < pos_threshold)] = -1
        order = torch.cat([kept, removed.nonzero().flatten()])
        rows = torch.cat([classes[:, None].to(probs.dtype), confidence[:, None], boxes], dim=1)
        pictures.append(rows[order])
    return torch.stack(pictures).float()
