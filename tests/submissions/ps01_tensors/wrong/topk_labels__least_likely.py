"""argsort puts the smallest first.

Fails: the names of the k likeliest, likeliest first
Fails: k = 1 and k = all classes
Fails: the result has the dtype of labels
"""

def topk_labels(probs, labels, k):
    return labels[probs.argsort(dim=1)[:, :k]]
