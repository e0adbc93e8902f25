"""Writes through .data, and sets the gradient to None."""

def sgd(params, lr, batch_size):
    for p in params:
        p.data -= lr / batch_size * p.grad.data
        p.grad = None
