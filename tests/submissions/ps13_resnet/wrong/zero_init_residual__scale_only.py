"""Sets the scale to zero, not the shift: right for a fresh block only.

Fails: so does a block that has been trained
"""

def zero_init_residual(block):
    nn.init.zeros_(block.bn2.weight)
    return block
