"""Pools the whole picture into one pixel.

Fails: has c_out channels, and half the height and width, rounded down
Fails: is BatchNorm, ReLU, convolution and average pooling
Says: each channel is pooled as a whole
"""

def transition_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.ReLU(), nn.Conv2d(c_in, c_out, kernel_size=1), nn.AdaptiveAvgPool2d(1))
