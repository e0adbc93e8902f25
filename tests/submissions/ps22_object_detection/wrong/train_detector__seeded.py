"""Sets the seed.

Fails: leaves the program as it was
Says: sets the seed
"""


def train_detector(net, data_iter, num_epochs, optimizer):
    net.train()
    torch.manual_seed(0)
    history = []
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, labels in data_iter:
            anchors, cls_preds, bbox_preds = net(X)
            bbox_labels, bbox_masks, cls_labels = multibox_target(anchors, labels)
            loss = calc_loss(cls_preds, cls_labels, bbox_preds, bbox_labels, bbox_masks)
            optimizer.zero_grad()
            loss.mean().backward()
            optimizer.step()
            total += loss.sum().item()
            count += len(X)
        history.append(total / count)
    return history
