"""A generator that is sent the losses."""


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10):
        self.lr = lr
        self._watch = self._watching(factor, patience)
        next(self._watch)

    def _watching(self, factor, patience):
        best, bad = float("inf"), 0
        while True:
            loss = yield self.lr
            if loss < best:
                best, bad = loss, 0
                continue
            bad += 1
            if bad > patience:
                self.lr, bad = self.lr * factor, 0

    def step(self, loss):
        return self._watch.send(loss)
