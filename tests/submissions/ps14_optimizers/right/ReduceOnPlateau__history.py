"""Keeps all losses, and counts backwards."""


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10):
        self.lr, self.factor, self.patience = lr, factor, patience
        self.bad = []
        self.best = None

    def step(self, loss):
        if math.isnan(loss) or (self.best is not None and loss >= self.best):
            self.bad.append(loss)
        else:
            self.best = loss
            self.bad = []
        if len(self.bad) == self.patience + 1:
            self.lr *= self.factor
            self.bad.clear()
        return self.lr
