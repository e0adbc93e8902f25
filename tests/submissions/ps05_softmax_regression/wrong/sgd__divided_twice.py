"""Divides by the batch size twice.

Fails: moves each parameter against its gradient, by lr over the batch size
Fails: writes in place, into the memory the parameter has
Fails: stays right over twenty steps
"""

def sgd(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param.grad /= batch_size
            param -= lr * param.grad / batch_size
            param.grad.zero_()
