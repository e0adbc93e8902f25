"""Without clipping, the mean over sentences.

Fails: clips the gradient of all parameters together to a norm of 1, between backward and step
Says: nothing is clipped
"""

def train_seq2seq(net, data_iter, lr, num_epochs, bos):
    optimizer, loss = torch.optim.Adam(net.parameters(), lr=lr), MaskedSoftmaxCELoss()
    net.train()

    def epoch():
        metric = [0.0, 0.0]
        for batch in data_iter:
            X, X_valid_len, Y, Y_valid_len = batch
            optimizer.zero_grad()
            Y_hat, _ = net(X, teacher_forcing(Y, bos), X_valid_len)
            l = loss(Y_hat, Y, Y_valid_len)
            l.mean().backward()
            optimizer.step()
            with torch.no_grad():
                metric[0] += float(l.sum() * Y.shape[1])
                metric[1] += float(Y_valid_len.sum())
        return metric[0] / metric[1]

    return [epoch() for _ in range(num_epochs)]
