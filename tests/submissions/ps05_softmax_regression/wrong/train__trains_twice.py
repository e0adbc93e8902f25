"""Calls train_epoch once for the loss and once for the accuracy: two epochs in one.

Fails: keeps (train loss, train accuracy, test accuracy) of every epoch
"""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    history = []
    for _ in range(num_epochs):
        train_loss = train_epoch(net, train_iter, loss, updater)[0]
        train_acc = train_epoch(net, train_iter, loss, updater)[1]
        history.append((train_loss, train_acc, evaluate_accuracy(net, test_iter)))
    return history
