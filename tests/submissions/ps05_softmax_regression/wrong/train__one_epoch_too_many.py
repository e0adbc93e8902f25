"""Starts to count at zero and includes the last: one epoch too many.

Fails: keeps (train loss, train accuracy, test accuracy) of every epoch
"""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    history = []
    epoch = 0
    while epoch <= num_epochs:
        history.append((*train_epoch(net, train_iter, loss, updater), evaluate_accuracy(net, test_iter)))
        epoch += 1
    return history
