"""Anchor by anchor.

Fails: works on the whole batch at once
Fails: no anchors give no boxes
Says: loops over
"""


def offset_inverse(anchors, offset_preds):
    rows = []
    for (x1, y1, x2, y2), (dx, dy, dw, dh) in zip(anchors, offset_preds):
        w, h = x2 - x1, y2 - y1
        x, y = (x1 + x2) / 2 + 0.1 * dx * w, (y1 + y2) / 2 + 0.1 * dy * h
        w, h = w * torch.exp(0.2 * dw), h * torch.exp(0.2 * dh)
        rows.append(torch.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2]))
    return torch.stack(rows)
