"""NaN is an improvement.

Fails: an equal loss is no progress, nor is NaN
Says: NaN counts as an improvement
"""


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10):
        self.lr, self.factor, self.patience = lr, factor, patience
        self.best, self.count = math.inf, 0

    def step(self, loss):
        if not loss >= self.best:
            self.best, self.count = loss, 0
        else:
            self.count += 1
        if self.count > self.patience:
            self.lr, self.count = self.lr * self.factor, 0
        return self.lr
