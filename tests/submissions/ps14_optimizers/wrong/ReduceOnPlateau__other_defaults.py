"""Other defaults.

Fails: factor is 0.1 and patience 10 where nothing is said
"""


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.5, patience=5):
        self.lr, self.factor, self.patience = lr, factor, patience
        self.best, self.count = math.inf, 0

    def step(self, loss):
        if loss < self.best:
            self.best, self.count = loss, 0
        else:
            self.count += 1
        if self.count > self.patience:
            self.lr, self.count = self.lr * self.factor, 0
        return self.lr
