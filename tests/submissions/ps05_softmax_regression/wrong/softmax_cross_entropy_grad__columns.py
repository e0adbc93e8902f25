"""Softmax over dim 0.

Fails: *
"""

def softmax_cross_entropy_grad(O, y):
    return torch.softmax(O, dim=0) - torch.nn.functional.one_hot(y, O.shape[1])
