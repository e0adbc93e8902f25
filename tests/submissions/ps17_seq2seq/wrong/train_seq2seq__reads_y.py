"""Y itself is the decoder's input.

Fails: the decoder reads <bos>, and the translation without its last token
Says: the decoder reads Y itself
"""

def train_seq2seq(net, data_iter, lr, num_epochs, bos):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    loss = MaskedSoftmaxCELoss()
    history = []
    net.train()
    for _ in range(num_epochs):
        total, tokens = 0.0, 0
        for X, X_valid_len, Y, Y_valid_len in data_iter:
            Y_hat, _ = net(X, Y, X_valid_len)
            losses = loss(Y_hat, Y, Y_valid_len)
            optimizer.zero_grad()
            losses.sum().backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1)
            optimizer.step()
            total += losses.sum().item() * Y.shape[1]
            tokens += int(Y_valid_len.sum())
        history.append(total / tokens)
    return history
