"""Silences the first BatchNorm instead of the last.

Fails: a fresh block becomes the identity on non-negative input, in training and in evaluation mode
Fails: the silenced block can still learn
"""

def zero_init_residual(block):
    nn.init.zeros_(block.bn1.weight)
    nn.init.zeros_(block.bn1.bias)
    return block
