"""A mask by where."""


def calc_loss(cls_preds, cls_labels, bbox_preds, bbox_labels, bbox_masks):
    away = torch.where(bbox_masks > 0, torch.abs(bbox_preds - bbox_labels), torch.zeros_like(bbox_preds))
    right = nn.functional.one_hot(cls_labels, cls_preds.shape[2]).to(cls_preds.dtype)
    return -(torch.log_softmax(cls_preds, dim=2) * right).sum(dim=2).mean(dim=1) + torch.mean(away, 1)
