"""Pools by the maximum.

Fails: is BatchNorm, ReLU, convolution and average pooling
Says: the pooling takes the maximum, not the average
"""

def transition_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.ReLU(), nn.Conv2d(c_in, c_out, kernel_size=1), nn.MaxPool2d(2))
