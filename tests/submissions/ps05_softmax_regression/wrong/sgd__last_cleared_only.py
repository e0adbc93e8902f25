"""Clears the gradient of the last parameter only: one indent too few.

Fails: clears the gradients after the step
Fails: stays right over twenty steps
"""

def sgd(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
        param.grad.zero_()
