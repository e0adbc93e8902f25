"""Without helpers, from corner to corner."""


def offset_inverse(anchors, offset_preds):
    size = anchors[:, 2:] - anchors[:, :2]
    middle = anchors[:, :2] + size / 2 + size * offset_preds[:, :2] * 0.1
    half = size * (0.2 * offset_preds[:, 2:]).exp() / 2
    return torch.cat([middle - half, middle + half], dim=1)
