"""Means of the batches, each by its size; targets without a graph."""


def train_detector(net, data_iter, num_epochs, optimizer):
    record = []
    for _ in range(num_epochs):
        net.train()
        weighted, seen = 0.0, 0
        for X, labels in data_iter:
            optimizer.zero_grad()
            anchors, scores, offsets = net(X)
            with torch.no_grad():
                wanted, mask, classes = multibox_target(anchors, labels)
            loss = calc_loss(scores, classes, offsets, wanted, mask).mean()
            loss.backward()
            optimizer.step()
            weighted, seen = weighted + float(loss) * X.shape[0], seen + X.shape[0]
        record.append(weighted / seen)
    return record
