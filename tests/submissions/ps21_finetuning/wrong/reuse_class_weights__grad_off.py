"""Switches autograd off for the copying, and never on again.

Fails: each head is drawn anew, and the program is left as it was
Says: autograd is switched off
"""

def reuse_class_weights(old_fc, mapping, num_classes):
    fc = nn.Linear(old_fc.in_features, num_classes, device=old_fc.weight.device, dtype=old_fc.weight.dtype)
    nn.init.xavier_uniform_(fc.weight)
    nn.init.zeros_(fc.bias)
    torch.set_grad_enabled(False)
    for new, old in mapping.items():
        fc.weight[new] = old_fc.weight[old]
        fc.bias[new] = old_fc.bias[old]
    return fc
