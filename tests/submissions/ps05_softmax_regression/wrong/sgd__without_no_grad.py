"""Writes in place while autograd watches: an error.

Fails: *
"""

def sgd(params, lr, batch_size):
    for param in params:
        param -= lr * param.grad / batch_size
        param.grad.zero_()
