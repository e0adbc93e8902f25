"""Sets the last convolution to zero; the BatchNorm behind it still speaks, from its statistics and its shift.

Fails: so does a block that has been trained
Fails: changes the scale and shift of one BatchNorm, and nothing else
"""

def zero_init_residual(block):
    nn.init.zeros_(block.conv2.weight)
    nn.init.zeros_(block.conv2.bias)
    return block
