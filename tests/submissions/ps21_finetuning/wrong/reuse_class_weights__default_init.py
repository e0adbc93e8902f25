"""The other classes keep PyTorch's default.

Fails: the other classes begin with a Xavier row and a bias of zero
Says: nn.Linear as it comes
"""

def reuse_class_weights(old_fc, mapping, num_classes):
    fc = nn.Linear(old_fc.in_features, num_classes, device=old_fc.weight.device, dtype=old_fc.weight.dtype)
    with torch.no_grad():
        for new, old in mapping.items():
            fc.weight[new] = old_fc.weight[old]
            fc.bias[new] = old_fc.bias[old]
    return fc
