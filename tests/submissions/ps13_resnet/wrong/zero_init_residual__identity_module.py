"""Returns a new identity module.

Fails: *
"""

def zero_init_residual(block):
    return nn.Identity()
