"""No reset after an improvement.

Fails: the count goes back to 0 after an improvement and after a cut
Fails: an equal loss is no progress, nor is NaN
Says: not set back by an improvement
"""


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10):
        self.lr, self.factor, self.patience = lr, factor, patience
        self.best, self.count = math.inf, 0

    def step(self, loss):
        if loss < self.best:
            self.best = loss
        else:
            self.count += 1
        if self.count > self.patience:
            self.lr, self.count = self.lr * self.factor, 0
        return self.lr
