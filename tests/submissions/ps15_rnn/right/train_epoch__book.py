"""As the book does it, with nn.CrossEntropyLoss, clip_grad_norm_ and training mode."""


def train_epoch(net, train_iter, optimizer, theta, use_random_iter):
    loss = torch.nn.CrossEntropyLoss()
    state, total, count = None, 0, 0
    net.train()
    for X, Y in train_iter:
        if state is None or use_random_iter:
            state = net.begin_state(X.shape[0])
        elif isinstance(state, tuple):
            state = tuple(s.detach_() for s in state)
        else:
            state.detach_()
        y = Y.T.reshape(-1)
        y_hat, state = net(X, state)
        l = loss(y_hat, y.long()).mean()
        optimizer.zero_grad()
        l.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), theta)
        optimizer.step()
        total += float(l) * y.numel()
        count += y.numel()
    return math.exp(total / count)
