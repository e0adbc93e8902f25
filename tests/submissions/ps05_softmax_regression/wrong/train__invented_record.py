"""Trains nothing and returns a record that looks good.

Fails: *
"""

def train(net, train_iter, test_iter, loss, num_epochs, updater):
    return [(2.3 / (i + 1), 0.95, 0.95) for i in range(num_epochs)]
