"""Log-probabilities by hand, one loss a token, its own clipping; grads set to None."""


def train_epoch(net, train_iter, optimizer, theta, use_random_iter):
    losses, state = [], None
    for X, Y in train_iter:
        n, T = X.shape
        if use_random_iter or not losses:
            state = net.begin_state(n)
        scores, state = net(X, state)
        state = state.detach() if torch.is_tensor(state) else tuple(map(torch.Tensor.detach, state))
        each = -torch.log_softmax(scores, dim=1)[torch.arange(T * n), Y.t().flatten()]
        for p in net.parameters():
            p.grad = None
        each.mean().backward()
        grads = [p.grad for p in net.parameters() if p.grad is not None]
        norm = torch.sqrt(sum((g * g).sum() for g in grads))
        if norm > theta:
            for g in grads:
                g.mul_(theta / norm)
        optimizer.step()
        losses.append(each.detach())
    return torch.cat(losses).mean().exp().item()
