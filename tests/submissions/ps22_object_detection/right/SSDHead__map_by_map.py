"""Class and offset convolution of each map side by side."""


class SSDHead(nn.Module):
    def __init__(self, channels, sizes, ratios, num_classes):
        super().__init__()
        self.sizes, self.ratios, self.num_classes = sizes, ratios, num_classes
        pairs = []
        for c, s, r in zip(channels, sizes, ratios):
            a = len(s) + len(r) - 1
            pairs.append(nn.ModuleList([nn.Conv2d(c, a * (num_classes + 1), 3, padding=1), nn.Conv2d(c, 4 * a, 3, padding=1)]))
        self.pairs = nn.ModuleList(pairs)

    def forward(self, maps):
        anchors, scores, offsets = [], [], []
        for X, s, r, (cls, box) in zip(maps, self.sizes, self.ratios, self.pairs):
            n = len(X)
            anchors.append(multibox_prior(X, s, r))
            scores.append(cls(X).permute(0, 2, 3, 1).reshape(n, -1, self.num_classes + 1))
            offsets.append(box(X).permute(0, 2, 3, 1).reshape(n, -1))
        return torch.cat(anchors, 1), torch.cat(scores, 1), torch.cat(offsets, 1)
