"""SGD.

Fails: a step goes down the gradient of the masked loss
Fails: clears the old gradients before each step, and keeps one Adam for the whole training
"""

def train_seq2seq(net, data_iter, lr, num_epochs, bos):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    loss = MaskedSoftmaxCELoss()
    history = []
    net.train()
    for _ in range(num_epochs):
        total, tokens = 0.0, 0
        for X, X_valid_len, Y, Y_valid_len in data_iter:
            Y_hat, _ = net(X, teacher_forcing(Y, bos), X_valid_len)
            losses = loss(Y_hat, Y, Y_valid_len)
            optimizer.zero_grad()
            losses.sum().backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1)
            optimizer.step()
            total += losses.sum().item() * Y.shape[1]
            tokens += int(Y_valid_len.sum())
        history.append(total / tokens)
    return history
