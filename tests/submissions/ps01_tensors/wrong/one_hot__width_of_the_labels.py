"""As many columns as different labels.

Fails: a one at the label, zeros elsewhere
Fails: as many columns as num_classes, whatever labels occur
Fails: the result is int64
"""

def one_hot(y, num_classes):
    classes = torch.unique(y)[:-1]
    return (y[:, None] == classes).long()
