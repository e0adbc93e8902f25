"""Works on a copy: the block that was given stays as it is.

Fails: *
"""

def zero_init_residual(block):
    import copy

    block = copy.deepcopy(block)
    nn.init.zeros_(block.bn2.weight)
    nn.init.zeros_(block.bn2.bias)
    return block
