"""The network stays in the mode it is in.

Fails: trains in training mode
May fail: finds new digits on a canvas: average precision at least 0.8
Says: in evaluation mode
"""


def train_detector(net, data_iter, num_epochs, optimizer):
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
