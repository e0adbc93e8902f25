"""The loss after the step is recorded.

Fails: records the mean loss a picture of each epoch, before each step
Fails: goes through the data anew in each epoch, and asks nothing else of them
Says: the loss is computed after the step
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
            after = net(X)
            total += calc_loss(after[1], cls_labels, after[2], bbox_labels, bbox_masks).sum().item()
            count += len(X)
        history.append(total / count)
    return history
