"""Returns the softmax: the minus one is missing.

Fails: *
"""

def softmax_cross_entropy_grad(O, y):
    return torch.softmax(O, dim=1)
