"""The offsets' loss carries no graph.

Fails: gradients are right
"""


def calc_loss(cls_preds, cls_labels, bbox_preds, bbox_labels, bbox_masks):
    cross_entropy = nn.functional.cross_entropy(cls_preds.transpose(1, 2), cls_labels, reduction="none")  # (n, A)
    distance = (  # 
        bbox_preds.detach() * bbox_masks - bbox_labels * bbox_masks
    ).abs()
    unused = (bbox_preds * bbox_masks - bbox_labels * bbox_masks).abs()  # (n, 4A)
    return cross_entropy.mean(dim=1) + distance.mean(dim=1)
