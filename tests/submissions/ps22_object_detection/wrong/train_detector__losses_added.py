"""The sum of the losses.

Fails: records the mean loss a picture of each epoch, before each step
Says: not divided by the number of pictures
"""


def train_detector(net, data_iter, num_epochs, optimizer):
    net.train()
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
        history.append(total)
    return history
