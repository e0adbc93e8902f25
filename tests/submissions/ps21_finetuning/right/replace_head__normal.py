"""Xavier's normal law, .to for device and dtype."""

def replace_head(net, num_classes):
    in_features = net.fc.in_features
    head = nn.Linear(in_features, num_classes)
    nn.init.xavier_normal_(head.weight)
    nn.init.constant_(head.bias, 0.0)
    net.fc = head.to(net.fc.weight)
    return net
