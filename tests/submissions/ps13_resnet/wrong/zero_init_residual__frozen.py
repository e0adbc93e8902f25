"""Takes the gradient away from what it sets to zero.

Fails: the silenced block can still learn
"""

def zero_init_residual(block):
    for parameter in block.bn2.parameters():
        nn.init.zeros_(parameter)
        parameter.requires_grad_(False)
    return block
