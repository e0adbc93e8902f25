"""conv_transpose2d is a convolution too.

Fails: sums over window and input channels, for every sample and output channel
"""

def conv2d(X, W, b, stride=1, padding=0):
    return F.conv_transpose2d(X, W.flip(2, 3).transpose(0, 1), b, stride, padding)
