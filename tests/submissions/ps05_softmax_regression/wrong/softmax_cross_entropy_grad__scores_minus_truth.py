"""Forgets the softmax: scores minus truth.

Fails: *
"""

def softmax_cross_entropy_grad(O, y):
    return O - torch.nn.functional.one_hot(y, O.shape[1])
