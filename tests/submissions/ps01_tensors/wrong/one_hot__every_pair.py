"""out[:, y] = 1 writes every label into every row.

Fails: a one at the label, zeros elsewhere
Fails: as many columns as num_classes, whatever labels occur
Fails: the result is int64
"""

def one_hot(y, num_classes):
    out = torch.zeros(len(y), num_classes, dtype=torch.int64, device=y.device)
    out[:, y] = 1
    return out
