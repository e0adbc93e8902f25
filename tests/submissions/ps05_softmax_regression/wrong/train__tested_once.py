"""Measures the test accuracy once, at the end, and writes it into every epoch.

Fails: keeps (train loss, train accuracy, test accuracy) of every epoch
"""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    epochs = [train_epoch(net, train_iter, loss, updater) for _ in range(num_epochs)]
    test_acc = evaluate_accuracy(net, test_iter)
    return [(l, a, test_acc) for l, a in epochs]
