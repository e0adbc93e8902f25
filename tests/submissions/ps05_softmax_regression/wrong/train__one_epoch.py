"""Returns inside the loop: one epoch, whatever was asked for.

Fails: *
"""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    history = []
    for _ in range(num_epochs):
        history.append((*train_epoch(net, train_iter, loss, updater), evaluate_accuracy(net, test_iter)))
        return history
    return history
