"""Losses in a list; gradients cleared after the step."""


def train_detector(net, data_iter, num_epochs, optimizer):
    net.train()
    optimizer.zero_grad()
    epochs = []
    for epoch in range(num_epochs):
        losses = []
        for batch in data_iter:
            X, Y = batch
            anchors, cls_preds, bbox_preds = net(X)
            offsets, masks, classes = multibox_target(anchors, Y)
            l = calc_loss(cls_preds, classes, bbox_preds, offsets, masks)
            l.mean().backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)
            losses += l.detach().tolist()
        epochs.append(sum(losses) / len(losses))
    return epochs
