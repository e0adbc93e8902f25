"""The decay is divided by the batch size, as in two of the notes. (001, 002)

Fails: without a gradient weights shrink by 1 - lr · λ
Fails: biases take the step and do not decay
Fails: the decay acts on the weight as it was before the step
Fails: writes in place, into the memory the parameter has
Fails: stays right over twenty steps
Says: the decay is divided by the batch size, too
"""

def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    with torch.no_grad():
        for w in weights:
            w -= lr / batch_size * (w.grad + weight_decay * w)
        for b in biases:
            b -= lr / batch_size * b.grad
        for p in [*weights, *biases]:
            p.grad.zero_()
