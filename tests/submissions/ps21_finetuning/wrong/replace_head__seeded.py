"""Sets the seed first, so that each head has the same numbers.

Fails: each head is drawn anew, and the program is left as it was
Says: the same random numbers as the first
"""

def replace_head(net, num_classes):
    torch.manual_seed(42)
    old = net.fc
    net.fc = nn.Linear(old.in_features, num_classes, device=old.weight.device, dtype=old.weight.dtype)
    nn.init.xavier_uniform_(net.fc.weight)
    nn.init.zeros_(net.fc.bias)
    return net
