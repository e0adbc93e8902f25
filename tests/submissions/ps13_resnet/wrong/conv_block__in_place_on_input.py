"""An in-place ReLU on the input.

Fails: is BatchNorm, then ReLU, then convolution
Fails: gradients reach the input and every parameter
Fails: leaves its input unchanged
"""

def conv_block(c_in, c_out):
    return nn.Sequential(nn.ReLU(inplace=True), nn.BatchNorm2d(c_in), nn.Conv2d(c_in, c_out, kernel_size=3, padding=1))
