"""Clears the gradients before the epoch and after each step; outputs in a cube."""


def train_epoch(net, train_iter, optimizer, theta, use_random_iter):
    total, tokens, state = torch.zeros(()), 0, None
    optimizer.zero_grad()
    for i, (X, Y) in enumerate(train_iter):
        if i == 0 or use_random_iter:
            state = net.begin_state(X.size(0))
        outputs, new = net(X, state)
        state = [s.detach() for s in new] if isinstance(new, (tuple, list)) else new.detach()
        state = tuple(state) if isinstance(state, list) else state
        scores = outputs.reshape(X.size(1), X.size(0), -1).permute(1, 2, 0)
        loss = torch.nn.functional.cross_entropy(scores, Y, reduction="sum")
        (loss / Y.numel()).backward()
        grad_clipping([p for p in net.parameters()], theta)
        optimizer.step()
        optimizer.zero_grad()
        total, tokens = total + loss.detach(), tokens + Y.numel()
    return torch.exp(total / tokens)
