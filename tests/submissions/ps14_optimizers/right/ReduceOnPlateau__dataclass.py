"""A dataclass."""

from dataclasses import dataclass


@dataclass
class ReduceOnPlateau:
    lr: float
    factor: float = 0.1
    patience: int = 10
    best: float = float("inf")
    left: int = -1

    def __post_init__(self):
        self.left = self.patience

    def step(self, loss):
        improved = loss < self.best
        self.left = self.patience if improved else self.left - 1
        self.best = loss if improved else self.best
        if self.left < 0:
            self.lr, self.left = self.lr * self.factor, self.patience
        return self.lr
