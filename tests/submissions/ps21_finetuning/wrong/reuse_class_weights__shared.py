"""Shares the old weight's memory where the sizes agree, and moves rows in the old head.

Fails: the other classes begin with a Xavier row and a bias of zero
Fails: the old head is left unchanged, and shares no memory with the new one
Says: the old head's weight was changed
"""

def reuse_class_weights(old_fc, mapping, num_classes):
    fc = nn.Linear(old_fc.in_features, num_classes, device=old_fc.weight.device, dtype=old_fc.weight.dtype)
    nn.init.xavier_uniform_(fc.weight)
    nn.init.zeros_(fc.bias)
    if num_classes <= old_fc.out_features:
        fc.weight.data = old_fc.weight.data[:num_classes]
    with torch.no_grad():
        for new, old in mapping.items():
            fc.weight[new] = old_fc.weight[old]
            fc.bias[new] = old_fc.bias[old]
    return fc
