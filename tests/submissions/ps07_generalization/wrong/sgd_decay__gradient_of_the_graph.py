"""No no_grad: autograd refuses.

Fails: *
"""

def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    for w in weights:
        w *= 1 - lr * weight_decay
    for p in [*weights, *biases]:
        p -= lr * p.grad / batch_size
        p.grad.zero_()
