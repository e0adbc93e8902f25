"""Assigns a plain tensor, which the module refuses.

Fails: *
"""

def zero_init_residual(block):
    block.bn2.weight = torch.zeros_like(block.bn2.weight)
    block.bn2.bias = torch.zeros_like(block.bn2.bias)
    return block
