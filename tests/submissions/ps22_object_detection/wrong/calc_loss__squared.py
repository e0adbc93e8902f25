"""Squared differences.

Fails: plus the absolute differences under the mask: their mean over all 4A
Fails: where the mask is 0 nothing counts, neither prediction nor target
Fails: stays finite for large scores
Fails: gradients are right
Fails: works on the whole batch at once
Fails: keeps the dtype, and takes numbers in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
Says: the differences are squared
"""


def calc_loss(cls_preds, cls_labels, bbox_preds, bbox_labels, bbox_masks):
    cross_entropy = nn.functional.cross_entropy(cls_preds.transpose(1, 2), cls_labels, reduction="none")  # (n, A)
    distance = (bbox_preds * bbox_masks - bbox_labels * bbox_masks).square()  # (n, 4A)
    return cross_entropy.mean(dim=1) + distance.mean(dim=1)
