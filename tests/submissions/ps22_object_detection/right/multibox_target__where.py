"""torch.where chooses between the offsets and 0."""


def multibox_target(anchors, labels):
    results = []
    for label in labels:
        label = label[label[:, 0] > -0.5]
        index = assign_anchor_to_bbox(label[:, 1:], anchors[0])
        found = (index >= 0)[:, None]
        rows = torch.cat([label, torch.cat([label.new_tensor([[-1.0]]), anchors[0, :1].to(label)], 1)])[index]
        offset = torch.where(found, offset_boxes(anchors[0], rows[:, 1:]), torch.zeros_like(anchors[0]))
        mask = found.expand(-1, 4).to(anchors.dtype)
        results.append((offset.reshape(-1), mask.reshape(-1), (rows[:, 0] + 1).long()))
    offset, mask, classes = zip(*results)
    return torch.stack(offset), torch.stack(mask), torch.stack(classes)
