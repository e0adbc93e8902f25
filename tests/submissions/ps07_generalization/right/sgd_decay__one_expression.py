"""copy_ of the new value, gradients set to None."""

def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    with torch.no_grad():
        for group, decay in ((weights, weight_decay), (biases, 0.0)):
            for p in group:
                p.copy_((1 - lr * decay) * p - lr * p.grad / batch_size)
                p.grad = None
