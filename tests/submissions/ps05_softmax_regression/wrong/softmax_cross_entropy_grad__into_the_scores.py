"""Writes the softmax into the caller's scores.

Fails: leaves its inputs unchanged
"""

def softmax_cross_entropy_grad(O, y):
    P = torch.softmax(O, dim=1)
    O[:] = P
    return O - torch.nn.functional.one_hot(y, O.shape[1])
