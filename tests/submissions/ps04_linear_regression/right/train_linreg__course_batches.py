"""Batches of course_tools, the mean loss, steps by hand."""


def train_linreg(features, labels, lr, num_epochs, batch_size):
    w = torch.normal(0.0, 0.01, (features.size(1), 1)).requires_grad_()
    b = torch.zeros(1, requires_grad=True)
    history = []
    for _ in range(num_epochs):
        for X, y in batches(features, labels, batch_size, shuffle=True):
            loss = 0.5 * ((X @ w + b).reshape(-1) - y.reshape(-1)).pow(2).mean()
            loss.backward()
            for p in (w, b):
                p.data -= lr * p.grad
                p.grad = None
        history.append(0.5 * ((features @ w + b).detach().reshape(-1) - labels.reshape(-1)).pow(2).mean().item())
    return w.data, b.data, history
