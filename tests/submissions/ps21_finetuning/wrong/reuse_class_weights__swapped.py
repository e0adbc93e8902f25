"""Reads the mapping as {old: new}; what does not fit is passed over.

Fails: rows of classes that recur are those of the old head
Fails: their biases come along
Fails: the other classes begin with a Xavier row and a bias of zero
"""

def reuse_class_weights(old_fc, mapping, num_classes):
    fc = nn.Linear(old_fc.in_features, num_classes, device=old_fc.weight.device, dtype=old_fc.weight.dtype)
    nn.init.xavier_uniform_(fc.weight)
    nn.init.zeros_(fc.bias)
    with torch.no_grad():
        for old, new in mapping.items():
            if new >= num_classes or old >= old_fc.out_features:
                continue
            fc.weight[new] = old_fc.weight[old]
            fc.bias[new] = old_fc.bias[old]
    return fc
