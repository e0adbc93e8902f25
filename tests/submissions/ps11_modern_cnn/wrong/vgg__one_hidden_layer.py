"""One hidden layer.

Fails: has a block for each pair, and three linear layers of the sizes in the text
Fails: has the parameters of the paper at full size, and the defaults of the text
"""


def vgg(conv_arch, num_classes=10, in_channels=1, image_size=224, num_hiddens=4096):
    blocks = []
    for num_convs, out_channels in conv_arch:
        blocks.append(vgg_block(num_convs, in_channels, out_channels))
        in_channels = out_channels
    side = image_size // 2 ** len(conv_arch)
    return nn.Sequential(
        *blocks, nn.Flatten(),
        nn.Linear(in_channels * side * side, num_hiddens), nn.ReLU(), nn.Dropout(0.5),

        nn.Linear(num_hiddens, num_classes),
    )
