"""Puts test accuracy before train accuracy.

Fails: keeps (train loss, train accuracy, test accuracy) of every epoch
"""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    history = []
    for _ in range(num_epochs):
        train_loss, train_acc = train_epoch(net, train_iter, loss, updater)
        history.append((train_loss, evaluate_accuracy(net, test_iter), train_acc))
    return history
