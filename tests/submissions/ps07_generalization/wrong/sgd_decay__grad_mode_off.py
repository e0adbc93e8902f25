"""Autograd is switched off and not on again.

Fails: writes in place, into the memory the parameter has
Fails: stays right over twenty steps
Says: autograd is switched off
"""

def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    torch.set_grad_enabled(False)
    for w in weights:
        w *= 1 - lr * weight_decay
    for p in [*weights, *biases]:
        p -= lr * p.grad / batch_size
        p.grad.zero_()
