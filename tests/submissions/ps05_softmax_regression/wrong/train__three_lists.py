"""Returns three lists, not one list of tuples.

Fails: keeps (train loss, train accuracy, test accuracy) of every epoch
"""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    losses, train_accs, test_accs = [], [], []
    for _ in range(num_epochs):
        l, a = train_epoch(net, train_iter, loss, updater)
        losses.append(l)
        train_accs.append(a)
        test_accs.append(evaluate_accuracy(net, test_iter))
    return losses, train_accs, test_accs
