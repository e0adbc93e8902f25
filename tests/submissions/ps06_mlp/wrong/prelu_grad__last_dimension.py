"""alpha broadcasts along the last dimension, not the channels.

Fails: one alpha per channel, which is dimension 1
"""

def prelu_grad(x, alpha):
    return torch.where(x > 0, torch.ones_like(x), alpha)
