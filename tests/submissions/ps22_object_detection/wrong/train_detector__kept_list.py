"""The batches of the first pass for all epochs.

Fails: goes through the data anew in each epoch, and asks nothing else of them
"""


def train_detector(net, data_iter, num_epochs, optimizer):
    net.train()
    history, kept = [], list(data_iter)
    for _ in range(num_epochs):
        total, count = 0.0, 0
        for X, labels in kept:
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
