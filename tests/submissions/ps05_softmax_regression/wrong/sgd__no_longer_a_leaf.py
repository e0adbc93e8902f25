"""Switches requires_grad off and forgets to switch it on again.

Fails: stays right over twenty steps
"""

def sgd(params, lr, batch_size):
    for param in params:
        grad = param.grad
        param.requires_grad_(False)
        param -= lr * grad / batch_size
        grad.zero_()
