"""Computes the new value and copies it into the old memory."""

def sgd(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            new = param - lr * (param.grad / batch_size)
            param.copy_(new)
    for param in params:
        param.grad.data.zero_()
