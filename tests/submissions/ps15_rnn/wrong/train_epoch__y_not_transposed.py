"""Y is not transposed.

Fails: a step goes against the gradient of the mean loss over the tokens of a batch
Says: Y must be transposed
"""


def train_epoch(net, train_iter, optimizer, theta, use_random_iter):
    state, loss_sum, num_tokens = None, 0.0, 0
    for X, Y in train_iter:
        if state is None or use_random_iter:
            state = net.begin_state(len(X))
        else:
            state = state.detach() if isinstance(state, torch.Tensor) else tuple(s.detach() for s in state)
        outputs, state = net(X, state)
        loss = torch.nn.functional.cross_entropy(outputs, Y.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        grad_clipping(list(net.parameters()), theta)
        optimizer.step()
        loss_sum += loss.item() * Y.numel()
        num_tokens += Y.numel()
    return perplexity(loss_sum, num_tokens)
