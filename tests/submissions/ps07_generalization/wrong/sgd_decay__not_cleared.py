"""The gradients stay.

Fails: clears the gradients after the step
Fails: stays right over twenty steps
"""

def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    with torch.no_grad():
        for w in weights:
            w *= 1 - lr * weight_decay
        for p in [*weights, *biases]:
            p -= lr * p.grad / batch_size
