"""Always trains ten epochs.

Fails: keeps (train loss, train accuracy, test accuracy) of every epoch
"""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    history = []
    for _ in range(10):
        history.append((*train_epoch(net, train_iter, loss, updater), evaluate_accuracy(net, test_iter)))
    return history
