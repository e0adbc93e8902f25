"""The slope measured with a step of 0.1.

Fails: *
Says: measured with a step of 0.1
"""

def sigmoid_grad(x):
    return (torch.sigmoid(x + 0.1) - torch.sigmoid(x)) / 0.1
