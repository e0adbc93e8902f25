"""Trains nothing and returns falling numbers.

Fails: *
"""

def train_lenet(net, train_iter, num_epochs):
    return [2.3 / (i + 1) for i in range(num_epochs)]
