"""The names are bound to new tensors, the parameters stay.

Fails: *
May fail: clears the gradients after the step
"""

def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    with torch.no_grad():
        for w in weights:
            w = (1 - lr * weight_decay) * w - lr * w.grad / batch_size
        for b in biases:
            b = b - lr * b.grad / batch_size
