"""Takes the name of position j to be 100 + j, as in the notes' example. (003 gather)

Fails: the names of the k likeliest, likeliest first
Fails: k = 1 and k = all classes
Fails: the result has the dtype of labels
"""

def topk_labels(probs, labels, k):
    return probs.topk(k, dim=1).indices + 100
