"""Keeps only confidences above pos_threshold.

Fails: a confidence of exactly pos_threshold is enough
Says: a confidence of pos_threshold itself gets class -1
"""


def multibox_detection(cls_probs, offset_preds, anchors, nms_threshold=0.5, pos_threshold=0.009999999):
    out = []
    for probs, offsets in zip(cls_probs, offset_preds):
        conf, cls = probs[1:].max(0)
        boxes = offset_inverse(anchors[0], offsets.reshape(-1, 4))
        kept = nms(boxes, conf, nms_threshold)
        alive = torch.zeros_like(conf, dtype=torch.bool)
        alive[kept] = True
        cls = torch.where(alive & (conf > pos_threshold), cls, -1)
        rows = torch.cat([cls[:, None].to(conf), conf[:, None], boxes], 1)
        out.append(torch.cat([rows[kept], rows[~alive]]))
    return torch.stack(out)
