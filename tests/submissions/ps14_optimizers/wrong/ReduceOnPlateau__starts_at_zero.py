"""The best begins at 0.

Fails: cuts the rate after more than `patience` bad epochs in a row
Fails: progress is measured against the best so far
Fails: the count goes back to 0 after an improvement and after a cut
Fails: an equal loss is no progress, nor is NaN
Fails: factor is 0.1 and patience 10 where nothing is said
"""


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10):
        self.lr, self.factor, self.patience = lr, factor, patience
        self.best, self.count = 0.0, 0

    def step(self, loss):
        if loss < self.best:
            self.best, self.count = loss, 0
        else:
            self.count += 1
        if self.count > self.patience:
            self.lr, self.count = self.lr * self.factor, 0
        return self.lr
