"""Unsure boxes are left out before the suppression: they cannot remove a surer one."""


def multibox_detection(cls_probs, offset_preds, anchors, nms_threshold=0.5, pos_threshold=0.009999999):
    n, _, A = cls_probs.shape
    result = torch.zeros(n, A, 6).to(cls_probs)
    for i in range(n):
        p, c = cls_probs[i, 1:].max(0)
        boxes = offset_inverse(anchors[0], offset_preds[i].reshape(A, 4))
        sure = torch.nonzero(p >= pos_threshold).flatten()
        good = sure[nms(boxes[sure], p[sure], nms_threshold)]
        rest = torch.tensor([k for k in range(A) if k not in set(good.tolist())], dtype=torch.long, device=p.device)
        order = torch.cat([good, rest])
        result[i, :, 0] = -1
        result[i, : len(good), 0] = c[good].to(result)
        result[i, :, 1], result[i, :, 2:] = p[order], boxes[order]
    return result
