"""Switches the block to evaluation mode on the way.

Fails: changes the scale and shift of one BatchNorm, and nothing else
"""

def zero_init_residual(block):
    block.eval()
    nn.init.zeros_(block.bn2.weight)
    nn.init.zeros_(block.bn2.bias)
    return block
