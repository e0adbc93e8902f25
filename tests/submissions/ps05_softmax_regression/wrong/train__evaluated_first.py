"""Measures the test accuracy before the epoch.

Fails: keeps (train loss, train accuracy, test accuracy) of every epoch
"""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    history = []
    for _ in range(num_epochs):
        test_acc = evaluate_accuracy(net, test_iter)
        history.append((*train_epoch(net, train_iter, loss, updater), test_acc))
    return history
