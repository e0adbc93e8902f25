"""For k = 1 a dimension is lost.

Fails: k = 1 and k = all classes
"""

def topk_labels(probs, labels, k):
    names = labels[probs.topk(k, dim=1).indices]
    return names.squeeze(1)
