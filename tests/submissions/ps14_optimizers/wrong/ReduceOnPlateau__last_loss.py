"""The last loss, not the best.

Fails: cuts the rate after more than `patience` bad epochs in a row
Fails: progress is measured against the best so far
Fails: an equal loss is no progress, nor is NaN
Says: compared with the last one
"""


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10):
        self.lr, self.factor, self.patience = lr, factor, patience
        self.best, self.count = math.inf, 0

    def step(self, loss):
        if loss < self.best:
            self.count = 0
        else:
            self.count += 1
        self.best = loss
        if self.count > self.patience:
            self.lr, self.count = self.lr * self.factor, 0
        return self.lr
