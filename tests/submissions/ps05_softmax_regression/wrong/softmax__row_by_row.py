"""Loops over the samples.

Fails: works on all rows at once
"""

def softmax(X):
    rows = []
    for x in X:
        e = torch.exp(x - x.max())
        rows.append(e / e.sum())
    return torch.stack(rows)
