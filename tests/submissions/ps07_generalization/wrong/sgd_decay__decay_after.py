"""The step first, and the decay of its result.

Fails: the decay acts on the weight as it was before the step
Fails: biases take the step and do not decay
Fails: writes in place, into the memory the parameter has
Fails: stays right over twenty steps
Says: the step comes first, and its result decays
"""

def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    with torch.no_grad():
        for p in [*weights, *biases]:
            p -= lr * p.grad / batch_size
            p.grad.zero_()
        for w in weights:
            w *= 1 - lr * weight_decay
