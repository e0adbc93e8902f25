"""Offsets first in __init__, the last dimension split before it is flattened."""


class SSDHead(nn.Module):
    def __init__(self, channels, sizes, ratios, num_classes):
        super().__init__()
        self.spec = list(zip(sizes, ratios))
        self.a = [len(s) + len(r) - 1 for s, r in self.spec]
        self.boxes = nn.ModuleDict({str(l): nn.Conv2d(c, self.a[l] * 4, (3, 3), padding="same") for l, c in enumerate(channels)})
        self.names = nn.ModuleDict({str(l): nn.Conv2d(c, self.a[l] * (1 + num_classes), (3, 3), padding="same") for l, c in enumerate(channels)})

    def forward(self, maps):
        split = lambda Y, a: Y.movedim(1, -1).unflatten(-1, (a, -1)).flatten(1, 3)
        scores = torch.cat([split(self.names[str(l)](X), self.a[l]) for l, X in enumerate(maps)], dim=1)
        offsets = torch.cat([split(self.boxes[str(l)](X), self.a[l]) for l, X in enumerate(maps)], dim=1)
        anchors = torch.cat([multibox_prior(X, *spec) for X, spec in zip(maps, self.spec)], dim=1)
        return anchors, scores, offsets.reshape(len(offsets), -1)
