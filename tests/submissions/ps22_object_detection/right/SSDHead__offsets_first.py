"""A module for each map, in which the convolution for the offsets is made first."""

import functools


class OneMap(nn.Module):
    def __init__(self, c, num_anchors, num_classes, sizes, ratios):
        super().__init__()
        self.sizes, self.ratios, self.num_outputs = sizes, ratios, num_classes + 1
        conv = functools.partial(nn.Conv2d, in_channels=c, kernel_size=(3, 3), padding=(1, 1))
        self.bbox_predictor = conv(out_channels=num_anchors * 4)
        self.cls_predictor = conv(out_channels=num_anchors * (num_classes + 1))

    def forward(self, Y):
        scores = self.cls_predictor(Y).movedim(1, -1).flatten(1).unflatten(1, (-1, self.num_outputs))
        return multibox_prior(Y, self.sizes, self.ratios), scores, self.bbox_predictor(Y).movedim(1, -1).flatten(1)


class SSDHead(nn.Module):
    def __init__(self, channels, sizes, ratios, num_classes):
        super().__init__()
        self.heads = nn.ModuleList(OneMap(c, len(s) + len(r) - 1, num_classes, s, r) for c, s, r in zip(channels, sizes, ratios, strict=True))

    def forward(self, maps):
        return tuple(torch.cat(parts, dim=1) for parts in zip(*[head(Y) for head, Y in zip(self.heads, maps)]))
