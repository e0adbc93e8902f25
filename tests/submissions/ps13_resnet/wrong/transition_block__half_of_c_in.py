"""Halves the channels whatever c_out is.

Fails: has c_out channels, and half the height and width, rounded down
Fails: has a BatchNorm over c_in channels and a 1×1 convolution with bias
"""

def transition_block(c_in, c_out):
    c_out = c_in // 2
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.ReLU(), nn.Conv2d(c_in, c_out, kernel_size=1), nn.AvgPool2d(2))
