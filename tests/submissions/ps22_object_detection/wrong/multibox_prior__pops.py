"""Takes the first scale out of the caller's list.

Fails: leaves the lists of scales and ratios as they are
"""


def multibox_prior(data, sizes, ratios):
    h, w = data.shape[-2:]
    options = {"dtype": data.dtype, "device": data.device}
    first = sizes.pop(0)
    pairs = [(first, r) for r in ratios] + [(s, ratios[0]) for s in sizes]
    shapes = torch.tensor([[s * math.sqrt(r) * h / w, s / math.sqrt(r)] for s, r in pairs], **options)  # (a, 2)
    y, x = torch.meshgrid((torch.arange(h, **options) + 0.5) / h, (torch.arange(w, **options) + 0.5) / w, indexing="ij")
    centers = torch.stack([x.flatten(), y.flatten()], dim=1)[:, None]  # (hw, 1, 2)
    anchors = torch.cat([centers - shapes / 2, centers + shapes / 2], dim=2)  # (hw, a, 4)
    return anchors.reshape(1, -1, 4)
