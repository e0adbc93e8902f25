"""The mean a token, and a loss of its own."""

def train_seq2seq(net, data_iter, lr, num_epochs, bos):
    net.train()
    adam = torch.optim.Adam(net.parameters(), lr)
    record = []
    for epoch in range(num_epochs):
        sums, count = 0.0, 0
        for X, X_len, Y, Y_len in data_iter:
            adam.zero_grad()
            scores = net(X, torch.cat([torch.full_like(Y[:, :1], bos), Y[:, :-1]], 1), X_len)[0]
            mask = torch.arange(Y.shape[1]) < Y_len[:, None]
            losses = nn.functional.cross_entropy(scores[mask], Y[mask], reduction="none")
            losses.mean().backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            adam.step()
            sums += losses.detach().sum().item()
            count += mask.sum().item()
        record.append(sums / count)
    return record
