"""Sets the shift to zero, not the scale.

Fails: *
"""

def zero_init_residual(block):
    nn.init.zeros_(block.bn2.bias)
    return block
