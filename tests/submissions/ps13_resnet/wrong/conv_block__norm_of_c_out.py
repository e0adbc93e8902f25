"""The BatchNorm is made for the channels that come out.

Fails: *
"""

def conv_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_out), nn.ReLU(), nn.Conv2d(c_in, c_out, kernel_size=3, padding=1))
