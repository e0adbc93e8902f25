"""A head without a bias.

Fails: the head is a new nn.Linear with num_classes outputs and the old inputs
Fails: its bias is zero
Fails: everything else stays as it is, bit for bit
Fails: the new head has dtype and device of the old one
Says: has no bias
"""

def replace_head(net, num_classes):
    old = net.fc
    net.fc = nn.Linear(old.in_features, num_classes, bias=False, device=old.weight.device, dtype=old.weight.dtype)
    nn.init.xavier_uniform_(net.fc.weight)
    return net
