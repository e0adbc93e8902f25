"""The mean of the batches' means.

Fails: returns the perplexity of the epoch, each token counted once
Says: the means of the batches are averaged
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
        optimizer.zero_grad()
        loss.backward()
        grad_clipping(list(net.parameters()), theta)
        optimizer.step()
        loss_sum += loss.item()
        num_tokens += 1
    return perplexity(loss_sum, num_tokens)
