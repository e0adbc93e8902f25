"""reset_parameters.

Fails: *
Says: calls reset_parameters
"""


def torch_default_(layer):
    layer.reset_parameters()
    return layer
