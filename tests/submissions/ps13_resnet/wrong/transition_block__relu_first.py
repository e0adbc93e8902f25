"""ReLU before the BatchNorm.

Fails: is BatchNorm, ReLU, convolution and average pooling
Says: the ReLU stands before the BatchNorm
"""

def transition_block(c_in, c_out):
    return nn.Sequential(nn.ReLU(), nn.BatchNorm2d(c_in), nn.Conv2d(c_in, c_out, kernel_size=1), nn.AvgPool2d(kernel_size=2, stride=2))
