"""One flat vector of names.

Fails: the names of the k likeliest, likeliest first
Fails: k = 1 and k = all classes
Fails: the result has the dtype of labels
"""

def topk_labels(probs, labels, k):
    return labels[probs.topk(k, dim=1).indices.flatten()]
