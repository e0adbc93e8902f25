"""Replaces the entries of the list by new tensors.

Fails: moves each parameter against its gradient, by lr over the batch size
Fails: writes in place, into the memory the parameter has
Fails: stays right over twenty steps
"""

def sgd(params, lr, batch_size):
    for i, param in enumerate(params):
        params[i] = (param - lr * param.grad / batch_size).detach().requires_grad_()
        param.grad = None
