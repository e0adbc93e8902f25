"""Divides by the number of samples.

Fails: *
"""

def softmax_cross_entropy_grad(O, y):
    return (torch.softmax(O, dim=1) - torch.nn.functional.one_hot(y, O.shape[1])) / len(y)
