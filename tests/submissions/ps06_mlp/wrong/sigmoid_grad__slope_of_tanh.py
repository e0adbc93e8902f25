"""1 - s², which is the rule of tanh.

Fails: *
Says: the rule of tanh is taken
"""

def sigmoid_grad(x):
    return 1 - torch.sigmoid(x) ** 2
