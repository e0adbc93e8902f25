"""Keeps the layer of each size: two networks share one head.

Fails: its bias is zero
Fails: each head is drawn anew, and the program is left as it was
Says: the very layer that was made first
"""

HEADS = {}

def replace_head(net, num_classes):
    old = net.fc
    key = old.in_features, num_classes, old.weight.dtype, old.weight.device
    if key not in HEADS:
        HEADS[key] = nn.Linear(old.in_features, num_classes, device=old.weight.device, dtype=old.weight.dtype)
        nn.init.xavier_uniform_(HEADS[key].weight)
        nn.init.zeros_(HEADS[key].bias)
    net.fc = HEADS[key]
    return net
