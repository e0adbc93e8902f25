"""Writes the label in place of the one.

Fails: a one at the label, zeros elsewhere
Fails: as many columns as num_classes, whatever labels occur
Fails: the result is int64
"""

def one_hot(y, num_classes):
    out = torch.zeros(len(y), num_classes, dtype=torch.int64, device=y.device)
    return out.scatter_(1, y[:, None], y[:, None])
