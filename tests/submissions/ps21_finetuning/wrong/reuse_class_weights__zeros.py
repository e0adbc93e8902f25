"""The other classes begin at zero.

Fails: the other classes begin with a Xavier row and a bias of zero
"""

def reuse_class_weights(old_fc, mapping, num_classes):
    fc = nn.Linear(old_fc.in_features, num_classes, device=old_fc.weight.device, dtype=old_fc.weight.dtype)
    nn.init.zeros_(fc.weight)
    nn.init.zeros_(fc.bias)
    with torch.no_grad():
        for new, old in mapping.items():
            fc.weight[new] = old_fc.weight[old]
            fc.bias[new] = old_fc.bias[old]
    return fc
