"""Gives the parameter new memory: views of it do not see the step.

Fails: writes in place, into the memory the parameter has
"""

def sgd(params, lr, batch_size):
    for param in params:
        param.data = param.data - lr * param.grad / batch_size
        param.grad.zero_()
