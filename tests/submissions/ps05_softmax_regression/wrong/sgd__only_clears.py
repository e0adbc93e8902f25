"""Clears the gradients and takes no step.

Fails: moves each parameter against its gradient, by lr over the batch size
Fails: writes in place, into the memory the parameter has
Fails: stays right over twenty steps
"""

def sgd(params, lr, batch_size):
    for param in params:
        param.grad = None
