"""The layer keeps PyTorch's default initialisation.

Fails: its weight is drawn by Xavier
Fails: its bias is zero
Says: nn.Linear as it comes
"""

def replace_head(net, num_classes):
    old = net.fc
    net.fc = nn.Linear(old.in_features, num_classes, device=old.weight.device, dtype=old.weight.dtype)
    return net
