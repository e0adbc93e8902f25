"""One expression."""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    return [(*train_epoch(net, train_iter, loss, updater), evaluate_accuracy(net, test_iter)) for _ in range(num_epochs)]
