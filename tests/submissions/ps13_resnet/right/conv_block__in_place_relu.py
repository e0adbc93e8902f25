"""The ReLU works in place, on what the BatchNorm gave."""

def conv_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.ReLU(inplace=True), nn.Conv2d(c_in, c_out, kernel_size=3, padding=1))
