"""Convolution, BatchNorm, ReLU, pooling.

Fails: has a BatchNorm over c_in channels and a 1×1 convolution with bias
"""

def transition_block(c_in, c_out):
    return nn.Sequential(nn.Conv2d(c_in, c_out, kernel_size=1), nn.BatchNorm2d(c_out), nn.ReLU(), nn.AvgPool2d(kernel_size=2, stride=2))
