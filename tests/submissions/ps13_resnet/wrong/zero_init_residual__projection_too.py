"""Silences the projected skip as well.

Fails: a block with a 1×1 convolution becomes ReLU of that convolution
Fails: changes the scale and shift of one BatchNorm, and nothing else
"""

def zero_init_residual(block):
    for layer in (block.bn2, block.conv3):
        if layer is not None:
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
    return block
