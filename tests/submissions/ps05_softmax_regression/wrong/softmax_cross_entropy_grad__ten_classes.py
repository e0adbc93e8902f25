"""Has the ten classes of the digits in it.

Fails: *
"""

def softmax_cross_entropy_grad(O, y):
    return torch.softmax(O, dim=1) - torch.nn.functional.one_hot(y, 10)
