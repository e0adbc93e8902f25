"""BatchNorm, convolution, ReLU.

Fails: is BatchNorm, then ReLU, then convolution
Says: the ReLU stands after the convolution
"""

def conv_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.Conv2d(c_in, c_out, kernel_size=3, padding=1), nn.ReLU())
