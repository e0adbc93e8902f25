"""Sets the seed first, so that each head has the same random rows.

Fails: each head is drawn anew, and the program is left as it was
Says: the same random numbers as the first
"""

def reuse_class_weights(old_fc, mapping, num_classes):
    torch.manual_seed(0)
    fc = nn.Linear(old_fc.in_features, num_classes, device=old_fc.weight.device, dtype=old_fc.weight.dtype)
    nn.init.xavier_uniform_(fc.weight)
    nn.init.zeros_(fc.bias)
    with torch.no_grad():
        for new, old in mapping.items():
            fc.weight[new] = old_fc.weight[old]
            fc.bias[new] = old_fc.bias[old]
    return fc
