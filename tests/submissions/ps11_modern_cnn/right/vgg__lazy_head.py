"""The first linear layer finds out for itself."""


def vgg(conv_arch, num_classes=10, in_channels=1, image_size=224, num_hiddens=4096):
    channels = [in_channels] + [c for _, c in conv_arch]
    blocks = [vgg_block(n, channels[i], c) for i, (n, c) in enumerate(conv_arch)]
    head = [nn.LazyLinear(num_hiddens), nn.Dropout(0.5), nn.ReLU(), nn.Linear(num_hiddens, num_hiddens), nn.Dropout(0.5), nn.ReLU()]
    return nn.Sequential(nn.Sequential(*blocks), nn.Flatten(), *head, nn.Linear(num_hiddens, num_classes))
