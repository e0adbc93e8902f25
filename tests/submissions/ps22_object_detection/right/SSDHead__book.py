"""Attributes by number, as in the book's TinySSD."""


class SSDHead(nn.Module):
    def __init__(self, channels, sizes, ratios, num_classes):
        super().__init__()
        self.sizes, self.ratios, self.num_classes = sizes, ratios, num_classes
        for i, num_channels in enumerate(channels):
            num_anchors = len(sizes[i]) + len(ratios[i]) - 1
            setattr(self, f'cls_{i}', nn.Conv2d(num_channels, num_anchors * (num_classes + 1), kernel_size=3, padding=1))
            setattr(self, f'bbox_{i}', nn.Conv2d(num_channels, num_anchors * 4, kernel_size=3, padding=1))

    def forward(self, maps):
        flatten_pred = lambda pred: torch.flatten(pred.permute(0, 2, 3, 1), start_dim=1)
        anchors, cls_preds, bbox_preds = [None] * len(maps), [None] * len(maps), [None] * len(maps)
        for i, Y in enumerate(maps):
            anchors[i] = multibox_prior(Y, self.sizes[i], self.ratios[i])
            cls_preds[i] = flatten_pred(getattr(self, f'cls_{i}')(Y))
            bbox_preds[i] = flatten_pred(getattr(self, f'bbox_{i}')(Y))
        anchors = torch.cat(anchors, dim=1)
        cls_preds = torch.cat(cls_preds, dim=1)
        cls_preds = cls_preds.reshape(cls_preds.shape[0], -1, self.num_classes + 1)
        return anchors, cls_preds, torch.cat(bbox_preds, dim=1)
