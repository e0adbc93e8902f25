"""Forgets to return the block.

Fails: changes the block in place and returns it
"""

def zero_init_residual(block):
    nn.init.zeros_(block.bn2.weight)
    nn.init.zeros_(block.bn2.bias)
