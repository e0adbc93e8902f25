"""With a padding layer of its own."""

def conv_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.ReLU(), nn.ZeroPad2d(1), nn.Conv2d(c_in, c_out, 3))
