"""Measures the accuracy on the training data twice.

Fails: keeps (train loss, train accuracy, test accuracy) of every epoch
"""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    history = []
    for _ in range(num_epochs):
        history.append((*train_epoch(net, train_iter, loss, updater), evaluate_accuracy(net, train_iter)))
    return history
