"""Gradients are not cleared.

Fails: clears the old gradients before each step, and keeps one Adam for the whole training
May fail: learns to translate numbers: at least 85 of 100 unseen ones without a mistake
Says: the gradients of earlier batches are still there
"""

def train_seq2seq(net, data_iter, lr, num_epochs, bos):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    loss = MaskedSoftmaxCELoss()
    history = []
    net.train()
    for _ in range(num_epochs):
        total, tokens = 0.0, 0
        for X, X_valid_len, Y, Y_valid_len in data_iter:
            Y_hat, _ = net(X, teacher_forcing(Y, bos), X_valid_len)
            losses = loss(Y_hat, Y, Y_valid_len)
            losses.sum().backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1)
            optimizer.step()
            total += losses.sum().item() * Y.shape[1]
            tokens += int(Y_valid_len.sum())
        history.append(total / tokens)
    return history
