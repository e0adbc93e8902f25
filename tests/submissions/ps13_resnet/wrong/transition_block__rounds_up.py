"""Rounds odd sizes up.

Fails: has c_out channels, and half the height and width, rounded down
Fails: is BatchNorm, ReLU, convolution and average pooling
Says: the size is rounded up
"""

def transition_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.ReLU(), nn.Conv2d(c_in, c_out, kernel_size=1), nn.AvgPool2d(2, ceil_mode=True))
