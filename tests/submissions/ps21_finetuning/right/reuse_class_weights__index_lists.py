"""All rows at once with two lists."""

def reuse_class_weights(old_fc, mapping, num_classes):
    head = nn.Linear(old_fc.in_features, num_classes).to(old_fc.weight)
    nn.init.xavier_normal_(head.weight)
    nn.init.zeros_(head.bias)
    new, old = list(mapping.keys()), list(mapping.values())
    if new:
        head.weight.data[new] = old_fc.weight.data[old]
        head.bias.data[new] = old_fc.bias.data[old]
    return head
