"""A loop over the samples.

Fails: no loop over the samples
"""

def one_hot(y, num_classes):
    out = torch.zeros(len(y), num_classes, dtype=torch.int64, device=y.device)
    for i, label in enumerate(y):
        out[i, label] = 1
    return out
