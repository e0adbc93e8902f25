"""The mean over sentences, gradients set to zero, a function for each batch."""


def train_seq2seq(net, data_iter, lr, num_epochs, bos):
    criterion, adam = MaskedSoftmaxCELoss(), torch.optim.Adam(net.parameters(), lr)

    def one_batch(X, X_valid_len, Y, Y_valid_len):
        adam.zero_grad(set_to_none=False)
        losses = criterion(net(X, teacher_forcing(Y, bos), X_valid_len)[0], Y, Y_valid_len)
        losses.mean().backward()
        nn.utils.clip_grad_norm_(net.parameters(), max_norm=1)
        adam.step()
        return losses.detach().sum() * Y.size(1), Y_valid_len.sum()

    history = []
    for _ in range(num_epochs):
        net.train()
        sums, numbers = zip(*[one_batch(*batch) for batch in data_iter])
        history.append((sum(sums) / sum(numbers)).item())
    return history
