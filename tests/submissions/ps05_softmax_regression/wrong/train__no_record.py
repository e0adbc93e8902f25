"""Trains well and returns nothing.

Fails: keeps (train loss, train accuracy, test accuracy) of every epoch
"""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    history = []
    for _ in range(num_epochs):
        train_epoch(net, train_iter, loss, updater)
        evaluate_accuracy(net, test_iter)
    print('done')
