"""Only the bias is initialised.

Fails: its weight is drawn by Xavier
Says: nn.Linear as it comes
"""

def replace_head(net, num_classes):
    old = net.fc
    net.fc = nn.Linear(old.in_features, num_classes, device=old.weight.device, dtype=old.weight.dtype)
    nn.init.zeros_(net.fc.bias)
    return net
