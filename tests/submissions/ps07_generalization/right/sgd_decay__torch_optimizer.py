"""torch.optim.SGD with two groups."""

def sgd_decay(weights, biases, lr, batch_size, weight_decay):
    for p in [*weights, *biases]:
        p.grad /= batch_size
    groups = [{"params": list(weights), "weight_decay": weight_decay}, {"params": list(biases), "weight_decay": 0.0}]
    optimizer = torch.optim.SGD(groups, lr=lr)
    optimizer.step()
    optimizer.zero_grad()
