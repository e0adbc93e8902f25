"""Returns a new convolution without any of the numbers.

Fails: the bias is (b - mean) · scale + beta
Fails: a convolution without bias gets one
Fails: the kernels of each output channel are scaled by gamma over the root
"""

def fold_batch_norm(conv, bn):
    return nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, conv.dilation, conv.groups)
