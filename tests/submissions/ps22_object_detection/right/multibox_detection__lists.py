"""Rows in Python lists, the removed ones from the surest to the least sure."""


def multibox_detection(cls_probs, offset_preds, anchors, nms_threshold=0.5, pos_threshold=0.009999999):
    everything = []
    for probs, offsets in zip(cls_probs, offset_preds):
        boxes = offset_inverse(anchors[0], offsets.view(-1, 4))
        best = probs[1:].max(dim=0)
        kept = [k for k in nms(boxes, best.values, nms_threshold).tolist() if best.values[k] >= pos_threshold]
        others = [k for k in best.values.argsort(descending=True).tolist() if k not in kept]
        rows = [torch.cat([best.indices[k : k + 1].to(boxes), best.values[k : k + 1].to(boxes), boxes[k]]) for k in kept]
        rows += [torch.cat([boxes.new_tensor([-1.0, 0.0]), boxes[k]]) for k in others]
        everything.append(torch.stack(rows))
    return torch.stack(everything).to(cls_probs.dtype)
