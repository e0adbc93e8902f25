"""Takes the number of classes from the largest label.

Fails: takes the number of classes from O
"""

def softmax_cross_entropy_grad(O, y):
    return torch.softmax(O, dim=1) - torch.nn.functional.one_hot(y)
