"""The stride of the pooling is its window by default."""

def transition_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.ReLU(inplace=True), nn.Conv2d(c_in, c_out, kernel_size=1), nn.AvgPool2d(2))
