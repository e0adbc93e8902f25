"""Has a stride of 2.

Fails: keeps height and width, and has c_out channels
"""

def conv_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.ReLU(), nn.Conv2d(c_in, c_out, kernel_size=3, padding=1, stride=2))
