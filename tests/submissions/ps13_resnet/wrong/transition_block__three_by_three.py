"""Has a 3×3 convolution.

Fails: has a BatchNorm over c_in channels and a 1×1 convolution with bias
"""

def transition_block(c_in, c_out):
    return nn.Sequential(nn.BatchNorm2d(c_in), nn.ReLU(), nn.Conv2d(c_in, c_out, kernel_size=3, padding=1), nn.AvgPool2d(kernel_size=2, stride=2))
