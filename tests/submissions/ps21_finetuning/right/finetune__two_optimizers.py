"""Two optimizers, one for the rest and one for the head; a tensor is returned."""

def finetune(net, train, test, num_epochs, lr):
    rest, head = param_groups(net, lr)
    optimizers = [torch.optim.SGD(g["params"], lr=g["lr"], momentum=0.9) for g in (rest, head) if g["params"]]
    for _ in range(num_epochs):
        net.train(True)
        for X, y in train:
            for optimizer in optimizers:
                optimizer.zero_grad()
            log_probs = nn.functional.log_softmax(net(X), dim=1)
            nn.functional.nll_loss(log_probs, y).backward()
            for optimizer in optimizers:
                optimizer.step()
    net.train(False)
    right, total = torch.tensor(0.0), 0
    with torch.no_grad():
        for X, y in test:
            right += (net(X).argmax(dim=-1) == y).float().sum().cpu()
            total += y.numel()
    return right / total
