"""Cuts the graph behind every stage, to save memory.

Fails: gradients are right, for inputs and weights
"""


class Cut(nn.Module):
    def forward(self, X):
        return X.detach()


def resnet_block(input_channels, num_channels, num_residuals, first_block=False):
    blocks = []
    for i in range(num_residuals):
        if i == 0 and not first_block:
            blocks.append(Residual(input_channels, num_channels, use_1x1conv=True, strides=2))
        else:
            blocks.append(Residual(num_channels, num_channels))
    return nn.Sequential(*blocks, Cut())
