"""Probabilities instead of scores.

Fails: anchors, scores and offsets come in one order: map by map, pixel by pixel, anchor by anchor
Fails: works for one map, and for one picture
Fails: gradients are right, for inputs and weights
Fails: works on the whole batch at once
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and shares nothing with a second object
Says: without a softmax
"""


class SSDHead(nn.Module):

    def __init__(self, channels, sizes, ratios, num_classes):
        super().__init__()
        self.sizes, self.ratios, self.num_classes = sizes, ratios, num_classes
        counts = [len(s) + len(r) - 1 for s, r in zip(sizes, ratios)]
        self.class_convs = nn.ModuleList(nn.Conv2d(c, a * (num_classes + 1), 3, padding=1) for c, a in zip(channels, counts))
        self.offset_convs = nn.ModuleList(nn.Conv2d(c, a * 4, 3, padding=1) for c, a in zip(channels, counts))

    def forward(self, maps):
        anchors = [multibox_prior(X, s, r) for X, s, r in zip(maps, self.sizes, self.ratios)]
        scores = [conv(X).permute(0, 2, 3, 1).flatten(1) for X, conv in zip(maps, self.class_convs)]
        offsets = [conv(X).permute(0, 2, 3, 1).flatten(1) for X, conv in zip(maps, self.offset_convs)]
        scores = torch.cat(scores, dim=1)
        return torch.cat(anchors, dim=1), scores.reshape(len(scores), -1, self.num_classes + 1).softmax(dim=2), torch.cat(offsets, dim=1)
