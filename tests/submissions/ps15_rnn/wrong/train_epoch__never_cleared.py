"""The gradients are never cleared.

Fails: clears the old gradient before each backward pass
Says: the gradients of earlier batches are still there
"""


def train_epoch(net, train_iter, optimizer, theta, use_random_iter):
    state, loss_sum, num_tokens = None, 0.0, 0
    for X, Y in train_iter:
        if state is None or use_random_iter:
            state = net.begin_state(len(X))
        else:
            state = state.detach() if isinstance(state, torch.Tensor) else tuple(s.detach() for s in state)
        outputs, state = net(X, state)
        loss = torch.nn.functional.cross_entropy(outputs, Y.T.reshape(-1))
        loss.backward()
        grad_clipping(list(net.parameters()), theta)
        optimizer.step()
        loss_sum += loss.item() * Y.numel()
        num_tokens += Y.numel()
    return perplexity(loss_sum, num_tokens)
