"""The BatchNorm has no scale and shift.

Fails: has a BatchNorm over c_in channels and a 3×3 convolution with bias
"""

def conv_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_in, affine=False), nn.ReLU(), nn.Conv2d(c_in, c_out, kernel_size=3, padding=1))
