"""Assigns to all entries at once."""

def sgd(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param[...] = param - lr * param.grad / batch_size
            param.grad.fill_(0)
