"""An in-place ReLU on the input.

Fails: is BatchNorm, then ReLU, then convolution
Fails: leaves its inputs unchanged
Says: the ReLU stands before the BatchNorm
"""

def conv_block(c_in, c_out):
    return nn.Sequential(nn.ReLU(inplace=True), nn.BatchNorm2d(c_in), nn.Conv2d(c_in, c_out, kernel_size=3, padding=1))
