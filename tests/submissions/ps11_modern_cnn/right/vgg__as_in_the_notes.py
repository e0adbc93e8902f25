"""As the notes write it, with the side in the place of 7."""


def vgg(conv_arch, num_classes=10, in_channels=1, image_size=224, num_hiddens=4096):
    conv_blks = []
    for num_convs, out_channels in conv_arch:
        conv_blks.append(vgg_block(num_convs, in_channels, out_channels))
        in_channels = out_channels
        image_size //= 2
    return nn.Sequential(
        *conv_blks, nn.Flatten(),
        nn.Linear(out_channels * image_size * image_size, num_hiddens), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(num_hiddens, num_hiddens), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(num_hiddens, num_classes))
