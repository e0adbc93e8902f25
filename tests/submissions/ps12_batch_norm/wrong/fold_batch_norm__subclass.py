"""A convolution that calls the normalisation in its forward.

Fails: *
"""

def fold_batch_norm(conv, bn):
    class Folded(nn.Conv2d):
        def forward(self, X):
            return bn(conv(X))

    return Folded(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups)
