"""No step.

Fails: moves the parameters as the text says, step by step
Fails: records the mean loss a picture of each epoch, before each step
Fails: goes through the data anew in each epoch, and asks nothing else of them
Fails: finds new digits on a canvas: average precision at least 0.8
Fails: leaves the program as it was
Says: the parameters do not move
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
            total += loss.sum().item()
            count += len(X)
        history.append(total / count)
    return history
