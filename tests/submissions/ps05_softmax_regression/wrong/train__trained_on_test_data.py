"""Trains on the test data.

Fails: *
"""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    history = []
    for _ in range(num_epochs):
        history.append((*train_epoch(net, test_iter, loss, updater), evaluate_accuracy(net, test_iter)))
    return history
