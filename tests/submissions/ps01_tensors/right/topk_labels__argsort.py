"""Sorts everything, largest first, and keeps k."""

def topk_labels(probs, labels, k):
    order = torch.argsort(probs, dim=1, descending=True)
    return labels[order[:, :k]]
