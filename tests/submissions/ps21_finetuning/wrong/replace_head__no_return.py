"""Returns nothing.

Fails: the network itself is changed, and returned
Says: does not return the network
"""

def replace_head(net, num_classes):
    old = net.fc
    net.fc = nn.Linear(old.in_features, num_classes, device=old.weight.device, dtype=old.weight.dtype)
    nn.init.xavier_uniform_(net.fc.weight)
    nn.init.zeros_(net.fc.bias)
