"""The likeliest samples of each class.

Fails: the names of the k likeliest, likeliest first
Fails: k = 1 and k = all classes
Fails: the result has the dtype of labels
"""

def topk_labels(probs, labels, k):
    k_rows = min(k, len(probs))
    return labels[probs.topk(k_rows, dim=0).indices.clamp(max=len(labels) - 1)]
