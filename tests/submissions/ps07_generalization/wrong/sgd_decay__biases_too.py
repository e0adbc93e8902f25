"""The biases decay.

Fails: without a gradient weights shrink by 1 - lr · λ
Fails: biases take the step and do not decay
Fails: the decay acts on the weight as it was before the step
Fails: writes in place, into the memory the parameter has
Fails: stays right over twenty steps
Says: the biases decay as well
"""

def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    with torch.no_grad():
        for p in [*weights, *biases]:
            p *= 1 - lr * weight_decay
            p -= lr * p.grad / batch_size
            p.grad.zero_()
