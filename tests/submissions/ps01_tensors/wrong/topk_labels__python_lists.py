"""Sorts in Python: slow, and always int64.

Fails: the result has the dtype of labels
Fails: no loop over the samples
"""

def topk_labels(probs, labels, k):
    rows = []
    for row in probs.tolist():
        order = sorted(range(len(row)), key=lambda j: -row[j])
        rows.append([int(labels[j]) for j in order[:k]])
    return torch.tensor(rows, device=labels.device)
