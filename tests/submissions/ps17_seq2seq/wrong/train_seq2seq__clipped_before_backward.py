"""Clips the old gradients, which are none.

Fails: clips the gradient of all parameters together to a norm of 1, between backward and step
Says: nothing is clipped
"""


def train_seq2seq(net, data_iter, lr, num_epochs, bos):
    optimizer, loss, history = torch.optim.Adam(net.parameters(), lr=lr), MaskedSoftmaxCELoss(), []
    net.train()
    for _ in range(num_epochs):
        total, tokens = 0.0, 0
        for X, X_valid_len, Y, Y_valid_len in data_iter:
            optimizer.zero_grad()
            Y_hat, _ = net(X, teacher_forcing(Y, bos), X_valid_len)
            l = loss(Y_hat, Y, Y_valid_len)
            nn.utils.clip_grad_norm_(net.parameters(), 1)
            l.sum().backward()
            optimizer.step()
            total += l.sum().item() * Y.shape[1]
            tokens += int(Y_valid_len.sum())
        history.append(total / tokens)
    return history
