"""Makes flat positions of the labels, in place.

Fails: y is left as it was
"""

def one_hot(y, num_classes):
    out = torch.zeros(len(y) * num_classes, dtype=torch.int64, device=y.device)
    y += num_classes * torch.arange(len(y), device=y.device)
    out[y] = 1
    return out.reshape(len(y), num_classes)
