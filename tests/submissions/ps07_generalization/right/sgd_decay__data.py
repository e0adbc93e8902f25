"""Writes through .data, the gradient of the penalty added."""

def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    for w in weights:
        w.data -= lr * (w.grad / batch_size + weight_decay * w.data)
        w.grad.zero_()
    for b in biases:
        b.data.sub_(b.grad, alpha=lr / batch_size)
        b.grad.zero_()
