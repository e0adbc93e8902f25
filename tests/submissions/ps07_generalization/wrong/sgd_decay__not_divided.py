"""The gradient is not divided by the batch size.

Fails: without decay it is the ordinary step, by lr over the batch size
Fails: biases take the step and do not decay
Fails: the decay acts on the weight as it was before the step
Fails: writes in place, into the memory the parameter has
Fails: stays right over twenty steps
Says: not divided by the batch size
"""

def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    with torch.no_grad():
        for w in weights:
            w *= 1 - lr * weight_decay
        for p in [*weights, *biases]:
            p -= lr * p.grad
            p.grad.zero_()
