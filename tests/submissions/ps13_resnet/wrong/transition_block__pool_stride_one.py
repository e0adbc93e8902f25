"""Pools with stride 1.

Fails: has c_out channels, and half the height and width, rounded down
Fails: is BatchNorm, ReLU, convolution and average pooling
Says: the pooling has stride 1
"""

def transition_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.ReLU(), nn.Conv2d(c_in, c_out, kernel_size=1), nn.AvgPool2d(kernel_size=2, stride=1))
