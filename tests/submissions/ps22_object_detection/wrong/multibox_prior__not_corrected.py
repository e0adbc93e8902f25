"""The width is s√r, as on a square map.

Fails: has the right anchors at each pixel, row by row
Fails: at each pixel they come in the order (s₁, r₁), (s₁, r₂), …, (s_n, r₁)
Fails: a ratio of 1 is a square of pixels on any map
Fails: nothing is cut off where anchors reach out of the picture
Fails: works on the whole batch at once
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: not corrected for maps that are not square
"""


def multibox_prior(data, sizes, ratios):
    h, w = data.shape[-2:]
    options = {"dtype": data.dtype, "device": data.device}
    pairs = [(sizes[0], r) for r in ratios] + [(s, ratios[0]) for s in sizes[1:]]
    shapes = torch.tensor([[s * math.sqrt(r), s / math.sqrt(r)] for s, r in pairs], **options)  # (a, 2)
    y, x = torch.meshgrid((torch.arange(h, **options) + 0.5) / h, (torch.arange(w, **options) + 0.5) / w, indexing="ij")
    centers = torch.stack([x.flatten(), y.flatten()], dim=1)[:, None]  # (hw, 1, 2)
    anchors = torch.cat([centers - shapes / 2, centers + shapes / 2], dim=2)  # (hw, a, 4)
    return anchors.reshape(1, -1, 4)
