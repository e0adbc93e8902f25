"""The log of the softmax, gathered at the labels."""


def calc_loss(cls_preds, cls_labels, bbox_preds, bbox_labels, bbox_masks):
    log_p = cls_preds - torch.logsumexp(cls_preds, dim=-1, keepdim=True)
    first = -log_p.gather(2, cls_labels[:, :, None]).sum(dim=(1, 2)) / cls_labels.shape[1]
    second = (bbox_masks * (bbox_preds - bbox_labels)).abs().sum(dim=1) / bbox_preds.shape[1]
    return first + second
