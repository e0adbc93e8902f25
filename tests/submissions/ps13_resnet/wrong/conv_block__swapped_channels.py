"""Goes from c_out to c_in.

Fails: *
"""

def conv_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_out), nn.ReLU(), nn.Conv2d(c_out, c_in, kernel_size=3, padding=1))
