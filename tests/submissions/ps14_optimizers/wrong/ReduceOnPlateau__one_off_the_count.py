"""An improvement takes one off the count.

Fails: the count goes back to 0 after an improvement and after a cut
Says: takes one off the count
"""


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10):
        self.lr, self.factor, self.patience, self.best, self.count = lr, factor, patience, math.inf, 0

    def step(self, loss):
        if loss < self.best:
            self.best = loss
            self.count = max(self.count - 1, 0)
        else:
            self.count += 1
        if self.count > self.patience:
            self.lr *= self.factor
            self.count = 0
        return self.lr
