"""torch.autograd.grad, and sgd given the gradients."""


def train_linreg(features, labels, lr, num_epochs, batch_size):
    labels = labels.reshape(-1, 1)
    params = [torch.randn(features.shape[1], 1) * 0.01, torch.zeros(1)]
    losses = []
    while len(losses) < num_epochs:
        for X, y in data_iter(batch_size, features, labels):
            leaves = [p.requires_grad_() for p in params]
            grads = torch.autograd.grad(squared_loss(linreg(X, *leaves), y).mean(), leaves)
            params = [(p - lr * g).detach() for p, g in zip(leaves, grads)]
        losses += [squared_loss(linreg(features, *params), labels).mean().item()]
    return params[0], params[1], losses
