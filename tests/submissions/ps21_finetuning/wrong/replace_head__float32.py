"""The new head is always float32 on the CPU.

Fails: the new head has dtype and device of the old one
Says: is float32
"""

def replace_head(net, num_classes):
    old = net.fc
    net.fc = nn.Linear(old.in_features, num_classes)
    nn.init.xavier_uniform_(net.fc.weight)
    nn.init.zeros_(net.fc.bias)
    return net
