"""Clips by hand, gradients set to None, the sum over tokens."""

def train_seq2seq(net, data_iter, lr, num_epochs, bos):
    parameters = [p for p in net.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(parameters, lr=lr)
    net.train()
    history = []
    for _ in range(num_epochs):
        losses, tokens = [], []
        for X, X_valid_len, Y, Y_valid_len in data_iter:
            for p in parameters:
                p.grad = None
            Y_hat, _ = net(X, teacher_forcing(Y, bos), X_valid_len)
            total = (MaskedSoftmaxCELoss()(Y_hat, Y, Y_valid_len) * Y.shape[1]).sum()
            total.backward()
            norm = torch.sqrt(sum((p.grad**2).sum() for p in parameters if p.grad is not None))
            if norm > 1:
                for p in parameters:
                    if p.grad is not None:
                        p.grad *= 1 / norm
            optimizer.step()
            losses.append(total.item())
            tokens.append(int(Y_valid_len.sum()))
        history.append(sum(losses) / sum(tokens))
    return history
