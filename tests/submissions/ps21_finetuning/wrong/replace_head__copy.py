"""Works on a copy: the network that was passed in keeps its head.

Fails: the head is a new nn.Linear with num_classes outputs and the old inputs
Fails: its weight is drawn by Xavier
Fails: its bias is zero
Fails: the network itself is changed, and returned
Fails: the new head has dtype and device of the old one
Says: was a copy changed
"""

def replace_head(net, num_classes):
    import copy
    net = copy.deepcopy(net)
    old = net.fc
    net.fc = nn.Linear(old.in_features, num_classes, device=old.weight.device, dtype=old.weight.dtype)
    nn.init.xavier_uniform_(net.fc.weight)
    nn.init.zeros_(net.fc.bias)
    return net
