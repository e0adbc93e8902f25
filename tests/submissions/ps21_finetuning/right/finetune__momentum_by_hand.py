"""SGD with momentum written out, frozen parameters passed over."""

def finetune(net, train, test, num_epochs, lr):
    params = {name: p for name, p in net.named_parameters() if p.requires_grad}
    velocity = {name: torch.zeros_like(p) for name, p in params.items()}
    for _ in range(num_epochs):
        net.train()
        for X, y in train:
            loss = nn.functional.cross_entropy(net(X), y)
            grads = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
            with torch.no_grad():
                for (name, p), grad in zip(params.items(), grads):
                    if grad is None:
                        continue
                    velocity[name].mul_(0.9).add_(grad)
                    p -= (10 * lr if name.startswith("fc.") else lr) * velocity[name]
    net.eval()
    right = total = 0
    for X, y in test:
        with torch.no_grad():
            scores = net(X)
        right += int((scores.max(dim=1).indices == y).sum())
        total += y.shape[0]
    return right / total
