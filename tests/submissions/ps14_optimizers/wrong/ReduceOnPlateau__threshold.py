"""An improvement has to be worth something, as in PyTorch.

Fails: every improvement counts, however small or large the losses
Says: by more than a threshold
"""


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10):
        self.lr, self.factor, self.patience = lr, factor, patience
        self.best, self.count = math.inf, 0

    def step(self, loss):
        if loss < self.best * (1 - 1e-4) if self.best > 0 else loss < self.best * (1 + 1e-4):
            self.best, self.count = loss, 0
        else:
            self.count += 1
        if self.count > self.patience:
            self.lr, self.count = self.lr * self.factor, 0
        return self.lr
