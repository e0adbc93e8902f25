"""Cuts rows off the old head, or repeats them, instead of drawing new ones.

Fails: the head is a new nn.Linear with num_classes outputs and the old inputs
Fails: its weight is drawn by Xavier
"""

def replace_head(net, num_classes):
    old = net.fc
    net.fc = nn.Linear(old.in_features, num_classes, device=old.weight.device, dtype=old.weight.dtype)
    net.fc.weight.data = old.weight.data[torch.arange(num_classes) % old.out_features].clone()
    nn.init.zeros_(net.fc.bias)
    return net
