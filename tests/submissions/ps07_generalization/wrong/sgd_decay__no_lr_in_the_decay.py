"""1 - λ for 1 - lr λ.

Fails: without a gradient weights shrink by 1 - lr · λ
Fails: biases take the step and do not decay
Fails: the decay acts on the weight as it was before the step
Fails: writes in place, into the memory the parameter has
Fails: stays right over twenty steps
Says: the learning rate is missing
"""

def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    with torch.no_grad():
        for w in weights:
            w *= 1 - weight_decay
        for p in [*weights, *biases]:
            p -= lr * p.grad / batch_size
            p.grad.zero_()
