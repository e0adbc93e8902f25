"""Only the gradients of the weights are cleared.

Fails: clears the gradients after the step
Fails: stays right over twenty steps
Says: the gradient of bias 0 is not cleared
"""

def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    with torch.no_grad():
        for w in weights:
            w *= 1 - lr * weight_decay
        for p in [*weights, *biases]:
            p -= lr * p.grad / batch_size
        for w in weights:
            w.grad.zero_()
