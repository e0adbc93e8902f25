"""param.data gets new memory.

Fails: writes in place, into the memory the parameter has
Says: the memory that the parameters had before the step
"""

def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    for w in weights:
        w.data = (1 - lr * weight_decay) * w.data - lr * w.grad / batch_size
    for b in biases:
        b.data = b.data - lr * b.grad / batch_size
    for p in [*weights, *biases]:
        p.grad = None
