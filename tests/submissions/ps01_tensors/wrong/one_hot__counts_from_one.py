"""The one stands a place too early.

Fails: a one at the label, zeros elsewhere
Fails: as many columns as num_classes, whatever labels occur
Fails: the result is int64
"""

def one_hot(y, num_classes):
    return (y[:, None] - 1 == torch.arange(num_classes, device=y.device)).long()
