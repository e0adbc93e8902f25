"""The best begins with a million.

Fails: every improvement counts, however small or large the losses
Says: a large number, not infinity
"""


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10):
        self.lr, self.factor, self.patience = lr, factor, patience
        self.best, self.count = 1e6, 0

    def step(self, loss):
        if loss < self.best:
            self.best, self.count = loss, 0
        else:
            self.count += 1
        if self.count > self.patience:
            self.lr, self.count = self.lr * self.factor, 0
        return self.lr
