"""Clears the gradients before the step.

Fails: *
"""

def sgd(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param.grad.zero_()
            param -= lr * param.grad / batch_size
            param.grad += 0.5
