"""Adds the losses of all epochs together.

Fails: keeps (train loss, train accuracy, test accuracy) of every epoch
"""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    history, total = [], 0.0
    for _ in range(num_epochs):
        l, a = train_epoch(net, train_iter, loss, updater)
        total += l
        history.append((total, a, evaluate_accuracy(net, test_iter)))
    return history
