"""Silences both BatchNorms.

Fails: changes the scale and shift of one BatchNorm, and nothing else
Fails: the silenced block can still learn
"""

def zero_init_residual(block):
    for norm in (block.bn1, block.bn2):
        nn.init.zeros_(norm.weight)
        nn.init.zeros_(norm.bias)
    return block
