"""The targets of the first batch for all.

Fails: moves the parameters as the text says, step by step
Fails: records the mean loss a picture of each epoch, before each step
Fails: goes through the data anew in each epoch, and asks nothing else of them
Fails: finds new digits on a canvas: average precision at least 0.8
Says: the targets of the first batch are used for all
"""


def train_detector(net, data_iter, num_epochs, optimizer):
    net.train()
    history, first = [], None
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, labels in data_iter:
            first = labels if first is None or len(labels) > len(first) else first
            anchors, cls_preds, bbox_preds = net(X)
            bbox_labels, bbox_masks, cls_labels = multibox_target(anchors, first[: len(X)])
            loss = calc_loss(cls_preds, cls_labels, bbox_preds, bbox_labels, bbox_masks)
            optimizer.zero_grad()
            loss.mean().backward()
            optimizer.step()
            total += loss.sum().item()
            count += len(X)
        history.append(total / count)
    return history
