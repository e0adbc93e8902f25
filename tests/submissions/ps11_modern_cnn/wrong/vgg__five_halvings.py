"""Five halvings, whatever conv_arch says.

Fails: the first linear layer takes what the blocks leave, for any picture size and number of blocks
Fails: has a block for each pair, and three linear layers of the sizes in the text
Fails: half of each hidden layer is dropped in training, nothing of the scores, and nothing at all in evaluation
Says: each block halves the side once, rounding down
"""


def vgg(conv_arch, num_classes=10, in_channels=1, image_size=224, num_hiddens=4096):
    blocks = []
    for num_convs, out_channels in conv_arch:
        blocks.append(vgg_block(num_convs, in_channels, out_channels))
        in_channels = out_channels
    side = max(image_size // 32, 1)
    return nn.Sequential(
        *blocks, nn.Flatten(),
        nn.Linear(in_channels * side * side, num_hiddens), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(num_hiddens, num_hiddens), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(num_hiddens, num_classes),
    )
